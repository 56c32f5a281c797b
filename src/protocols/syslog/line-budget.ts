/** Lines that may come from one sender: so many a second on average, and a burst of several seconds' worth. */
export interface LineRate {
  readonly perSecond: number;
  readonly burst: number;
}

/** Senders remembered; the one that was silent longest is forgotten, and begins with a whole burst. */
export const MAX_SENDERS = 4_096;

interface Bucket {
  lines: number;
  atMs: number;
}

/** Counts the lines of each sender against its rate. Forged addresses cost memory for `MAX_SENDERS` and no more. */
export class LineBudget {
  readonly #rate: LineRate;
  /** In the order of their last line. */
  readonly #buckets = new Map<string, Bucket>();

  constructor(rate: LineRate) {
    this.#rate = rate;
  }

  /** Whether one more line may be taken, or so many together. */
  take(sender: string, nowMs: number, wanted = 1): boolean {
    const { perSecond, burst } = this.#rate;
    const bucket = this.#buckets.get(sender) ?? { lines: burst, atMs: nowMs };
    const passedMs = Math.max(0, nowMs - bucket.atMs);
    const lines = Math.min(burst, bucket.lines + (passedMs / 1000) * perSecond);
    const mayTake = lines >= wanted;
    this.#buckets.delete(sender);
    this.#buckets.set(sender, { lines: mayTake ? lines - wanted : lines, atMs: nowMs });
    this.#forgetOldest();
    return mayTake;
  }

  #forgetOldest(): void {
    if (this.#buckets.size <= MAX_SENDERS) return;
    const [oldest] = this.#buckets.keys();
    if (oldest !== undefined) this.#buckets.delete(oldest);
  }
}
