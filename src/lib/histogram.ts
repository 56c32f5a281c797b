export interface HistogramReading {
  /** Upper ends of the buckets, ascending; what is larger is in no bucket, but in `count`. */
  readonly bounds: readonly number[];
  /** Observations in each bucket alone: not those of the buckets below it. */
  readonly inBucket: readonly number[];
  readonly count: number;
  readonly sum: number;
}

/** Counts observations by size, in a fixed number of buckets. */
export class Histogram {
  readonly #bounds: readonly number[];
  readonly #inBucket: number[];
  #count = 0;
  #sum = 0;

  /** @param bounds ascending; an observation that equals a bound is in its bucket. */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#inBucket = bounds.map(() => 0);
  }

  observe(value: number): void {
    this.#count += 1;
    this.#sum += value;
    const bucket = this.#bounds.findIndex((bound) => value <= bound);
    if (bucket !== -1) this.#inBucket[bucket] = (this.#inBucket[bucket] ?? 0) + 1;
  }

  get reading(): HistogramReading {
    return { bounds: this.#bounds, inBucket: [...this.#inBucket], count: this.#count, sum: this.#sum };
  }
}
