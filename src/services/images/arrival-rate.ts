import type { Clock } from '../../lib/clock.ts';

/** The rate is that of so long at least; older bytes count less. */
const WINDOW_MS = 5_000;

/** How fast bytes come, from how many are here whenever somebody asks. */
export class ArrivalRate {
  readonly #clock: Clock;
  #older: { readonly atMs: number; readonly bytes: number };
  #newer: { readonly atMs: number; readonly bytes: number };

  constructor(clock: Clock, bytes: number) {
    this.#clock = clock;
    this.#older = { atMs: clock.nowMs(), bytes };
    this.#newer = this.#older;
  }

  /** Bytes a second; undefined where it is too early to tell. */
  now(bytes: number): number | undefined {
    const atMs = this.#clock.nowMs();
    if (atMs - this.#newer.atMs >= WINDOW_MS) {
      this.#older = this.#newer;
      this.#newer = { atMs, bytes };
    }
    const seconds = (atMs - this.#older.atMs) / 1000;
    return seconds <= 0 ? undefined : Math.max(0, Math.round((bytes - this.#older.bytes) / seconds));
  }
}
