/** A fetch of a file of an image, or several that ended alike. */
export interface TreeFetch {
  /** Who fetches and from which image; fetches of one key are counted together. */
  readonly key: string;
  /** Body bytes that were sent. */
  readonly bytes: number;
  readonly result: 'sent' | 'not found' | 'broken off';
  readonly times: number;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
}

/** What was fetched in one stretch. */
export interface TreeTotal {
  readonly key: string;
  /** Files that were sent whole, or as the part asked for. */
  readonly files: number;
  readonly bytes: number;
  /** Names that were asked for and are not there; installers try many. */
  readonly missing: number;
  readonly brokenOff: number;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
}

/** A stretch ends after so long without a fetch. */
export const QUIET_MS = 2_000;
/** A stretch that goes on is told so often. */
export const TELL_EVERY_MS = 10_000;
/** Stretches that are counted at one time; the one without a fetch for longest makes room. */
export const MAX_STRETCHES = 1_024;

/**
 * Counts the fetches of install trees, which are thousands of small files, into one total per machine and image.
 * It has no clock: whoever owns it says what time it is and asks for what is due.
 */
export class TreeCount {
  /** In the order of their last fetch, oldest first. */
  readonly #stretches = new Map<string, TreeTotal>();

  /** Nothing is being counted, so nothing will be due. */
  get isEmpty(): boolean {
    return this.#stretches.size === 0;
  }

  /** @returns totals that had to make room, at most one. */
  add(fetch: TreeFetch): readonly TreeTotal[] {
    const before = this.#stretches.get(fetch.key);
    const pushedOut = before === undefined && this.#stretches.size >= MAX_STRETCHES ? this.#takeOldest() : [];
    this.#stretches.delete(fetch.key);
    this.#stretches.set(fetch.key, sum(before, fetch));
    return pushedOut;
  }

  /** Takes out what has been quiet for `QUIET_MS` or goes on for `TELL_EVERY_MS`. */
  takeDue(nowMs: number): readonly TreeTotal[] {
    return this.#take(
      (total) => nowMs - total.endedAtMs >= QUIET_MS || nowMs - total.startedAtMs >= TELL_EVERY_MS,
    );
  }

  /** Takes out all, for the end of the program. */
  takeAll(): readonly TreeTotal[] {
    return this.#take(() => true);
  }

  #take(isDue: (total: TreeTotal) => boolean): readonly TreeTotal[] {
    const due = [...this.#stretches.values()].filter(isDue);
    for (const { key } of due) this.#stretches.delete(key);
    return due;
  }

  #takeOldest(): readonly TreeTotal[] {
    const [oldest] = this.#stretches.values();
    if (oldest === undefined) return [];
    this.#stretches.delete(oldest.key);
    return [oldest];
  }
}

function sum(before: TreeTotal | undefined, fetch: TreeFetch): TreeTotal {
  return {
    key: fetch.key,
    files: (before?.files ?? 0) + (fetch.result === 'sent' ? fetch.times : 0),
    bytes: (before?.bytes ?? 0) + fetch.bytes,
    missing: (before?.missing ?? 0) + (fetch.result === 'not found' ? fetch.times : 0),
    brokenOff: (before?.brokenOff ?? 0) + (fetch.result === 'broken off' ? fetch.times : 0),
    startedAtMs: Math.min(before?.startedAtMs ?? fetch.startedAtMs, fetch.startedAtMs),
    endedAtMs: Math.max(before?.endedAtMs ?? fetch.endedAtMs, fetch.endedAtMs),
  };
}
