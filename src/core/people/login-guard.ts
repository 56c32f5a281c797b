/** Wrong log-ins with one name that cost nothing. */
export const FREE_OF_NAME = 5;
/** Wrong log-ins from one address: a whole office may be behind it. */
export const FREE_OF_ADDRESS = 50;
/** After the next one; it doubles with each after that, up to `MAX_WAIT_MS`. */
export const FIRST_WAIT_MS = 2_000;
export const MAX_WAIT_MS = 15 * 60 * 1000;
/** Failures are forgotten when there was none for so long. */
export const FORGOTTEN_AFTER_MS = 60 * 60 * 1000;
/** Names or addresses that are remembered; the one whose last failure is longest ago is forgotten for another. */
export const MAX_REMEMBERED = 10_000;

interface Failures {
  readonly count: number;
  readonly lastAtMs: number;
}

/**
 * Slows down whoever guesses passwords: one for the names that are tried, wherever from, and one for the addresses,
 * whatever the name. Holds no clock.
 */
export class LoginGuard {
  readonly #free: number;
  /** In the order of the last failure. */
  readonly #failures = new Map<string, Failures>();

  /** @param free failures that cost nothing. */
  constructor(free: number) {
    this.#free = free;
  }

  /** How long nothing is tried for this one, in ms; 0: now. */
  waitMs(whom: string, nowMs: number): number {
    const failures = this.#failures.get(whom);
    if (failures === undefined || isForgotten(failures, nowMs)) return 0;
    const beyond = failures.count - this.#free;
    if (beyond <= 0) return 0;
    const waitMs = Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(beyond - 1, 32));
    return Math.max(0, failures.lastAtMs + waitMs - nowMs);
  }

  failed(whom: string, nowMs: number): void {
    const before = this.#failures.get(whom);
    const count = before === undefined || isForgotten(before, nowMs) ? 1 : before.count + 1;
    this.#failures.delete(whom);
    this.#failures.set(whom, { count, lastAtMs: nowMs });
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > MAX_REMEMBERED && oldest !== undefined) this.#failures.delete(oldest);
  }

  /** One failure that was none after all. */
  takenBack(whom: string): void {
    const failures = this.#failures.get(whom);
    if (failures === undefined) return;
    if (failures.count <= 1) this.#failures.delete(whom);
    else this.#failures.set(whom, { ...failures, count: failures.count - 1 });
  }

  /** They showed who they are. */
  succeeded(whom: string): void {
    this.#failures.delete(whom);
  }
}

function isForgotten({ lastAtMs }: Failures, nowMs: number): boolean {
  return nowMs - lastAtMs >= FORGOTTEN_AFTER_MS;
}

/** From where people logged in, so that somebody elsewhere who guesses does not keep them out. Of them the oldest is forgotten first. */
export class KnownPlaces {
  readonly #places = new Set<string>();

  /** @param place such as a network. */
  loggedIn(name: string, place: string): void {
    const pair = pairOf(name, place);
    this.#places.delete(pair);
    this.#places.add(pair);
    const [oldest] = this.#places;
    if (this.#places.size > MAX_REMEMBERED && oldest !== undefined) this.#places.delete(oldest);
  }

  /** Whose failures count together with those of this one: of all who are elsewhere, or of them who are there. */
  countedAs(name: string, place: string): string {
    const pair = pairOf(name, place);
    return this.#places.has(pair) ? pair : name;
  }
}

/** No name holds a space. */
function pairOf(name: string, place: string): string {
  return `${name} ${place}`;
}
