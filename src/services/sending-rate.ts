import type { Clock } from '../lib/clock.ts';

/** Seconds over which the rate is the mean: a file is counted when it was sent, so less would jump. */
export const WINDOW_MS = 10_000;

interface Sample {
  readonly atMs: number;
  readonly bytes: number;
}

/** What machines are sent, in bytes a second, from counters that only grow. It is sampled when it is read. */
export class SendingRate {
  readonly #clock: Clock;
  readonly #counters: (() => number)[] = [];
  /** The newest that is older than the window, and those since. */
  #samples: Sample[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param counter bytes that were sent since the start. */
  add(counter: () => number): void {
    this.#counters.push(counter);
    this.#samples = [];
  }

  /** Over the last `WINDOW_MS`, or since the first read where that is less. */
  read(): number {
    const atMs = this.#clock.nowMs();
    const bytes = this.#counters.reduce((sum, counter) => sum + counter(), 0);
    const old = this.#samples.findLastIndex((sample) => atMs - sample.atMs >= WINDOW_MS);
    if (old > 0) this.#samples.splice(0, old);
    const [first] = this.#samples;
    this.#samples.push({ atMs, bytes });
    if (first === undefined || atMs <= first.atMs) return 0;
    return ((bytes - first.bytes) * 1_000) / (atMs - first.atMs);
  }
}
