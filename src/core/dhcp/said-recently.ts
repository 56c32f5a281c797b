/**
 * Keeps the same thing from being said over and over: each key once in a period. A table that is full says nothing
 * new until old keys have run out, so that made-up keys cannot make it talk without end. Time is handed in.
 */
export class SaidRecently {
  /** When each was said; in the order of time. */
  readonly #saidAtMs = new Map<string, number>();
  readonly #periodMs: number;
  readonly #max: number;

  constructor(limits: { readonly periodMs: number; readonly max: number }) {
    this.#periodMs = limits.periodMs;
    this.#max = limits.max;
  }

  /** True, and from now on it counts as said, where it was not said within the period. */
  say(key: string, nowMs: number): boolean {
    this.#forgetOld(nowMs);
    if (this.#saidAtMs.has(key) || this.#saidAtMs.size >= this.#max) return false;
    this.#saidAtMs.set(key, nowMs);
    return true;
  }

  /** A clock that was set back makes entries of the future, which count as old. */
  #forgetOld(nowMs: number): void {
    for (const [key, saidAtMs] of this.#saidAtMs) {
      if (saidAtMs <= nowMs && nowMs - saidAtMs < this.#periodMs) return;
      this.#saidAtMs.delete(key);
    }
  }
}
