export interface RecentlyLimits {
  /** How long the same value counts as a repetition, in milliseconds since it was last seen. */
  readonly keepMs: number;
  /** Keys that are remembered at most; the one not seen for longest is forgotten. */
  readonly keys: number;
}

/**
 * Remembers for each key what was last told of it, so that what happens several times in one boot is told once,
 * and a flood of one thing fills no timeline.
 */
export class Recently {
  readonly #limits: RecentlyLimits;
  /** In the order in which the keys were last seen. */
  readonly #last = new Map<string, { readonly value: string; readonly atMs: number }>();

  constructor(limits: RecentlyLimits) {
    this.#limits = limits;
  }

  /** True when the key had this value a short while ago. Asking changes nothing. */
  isKnown(key: string, value: string, nowMs: number): boolean {
    const last = this.#last.get(key);
    return last !== undefined && last.value === value && nowMs - last.atMs < this.#limits.keepMs;
  }

  remember(key: string, value: string, nowMs: number): void {
    this.#last.delete(key);
    this.#last.set(key, { value, atMs: nowMs });
    if (this.#last.size <= this.#limits.keys) return;
    const [oldest] = this.#last.keys();
    if (oldest !== undefined) this.#last.delete(oldest);
  }

  /** Both at once: whether it was known, and now it is. */
  isRepeated(key: string, value: string, nowMs: number): boolean {
    const isKnown = this.isKnown(key, value, nowMs);
    this.remember(key, value, nowMs);
    return isKnown;
  }

  /** What comes next of this key is new, whatever it is. */
  forget(key: string): void {
    this.#last.delete(key);
  }
}
