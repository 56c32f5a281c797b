import type { ServedFile } from './plane-messages.ts';

/** Targets whose file is known at one time; the one that was learned first makes room. */
export const MAX_KNOWN_FILES = 2048;

interface Held {
  readonly file: ServedFile;
  /** Answers under way. */
  uses: number;
  /** A target leads to it. */
  isKnown: boolean;
}

interface Known {
  readonly held: Held;
  readonly untilMs: number;
}

/** Which file a target leads to, for as long as that is sure, and which files are in use. */
export class KnownFiles {
  readonly #known = new Map<string, Known>();
  readonly #held = new Map<number, Held>();
  readonly #release: (file: number) => void;
  readonly #most: number;

  /** @param release told of each file once, when nobody needs it any more. */
  constructor(release: (file: number) => void, most: number = MAX_KNOWN_FILES) {
    this.#release = release;
    this.#most = most;
  }

  /** Undefined where it must be asked for. */
  find(key: string, nowMs: number): ServedFile | undefined {
    const known = this.#known.get(key);
    if (!known) return undefined;
    if (known.untilMs > nowMs) return known.held.file;
    this.#forget(key, known);
    return undefined;
  }

  learn(key: string, file: ServedFile, untilMs: number): void {
    const before = this.#known.get(key);
    if (before) this.#forget(key, before);
    const held: Held = { file, uses: 0, isKnown: true };
    this.#held.set(file.number, held);
    this.#known.set(key, { held, untilMs });
    if (this.#known.size <= this.#most) return;
    const [oldest] = this.#known;
    if (oldest) this.#forget(...oldest);
  }

  /** It stays open until `end`. */
  begin({ number }: ServedFile): void {
    const held = this.#held.get(number);
    if (held) held.uses += 1;
  }

  end({ number }: ServedFile): void {
    const held = this.#held.get(number);
    if (!held) return;
    held.uses -= 1;
    this.#releaseUnused(held);
  }

  /** All that is not in use; for a door that is left. */
  forgetAll(): void {
    for (const [key, known] of this.#known) this.#forget(key, known);
  }

  #forget(key: string, { held }: Known): void {
    this.#known.delete(key);
    held.isKnown = false;
    this.#releaseUnused(held);
  }

  #releaseUnused(held: Held): void {
    if (held.isKnown || held.uses > 0) return;
    if (this.#held.delete(held.file.number)) this.#release(held.file.number);
  }
}
