/** How many clients nobody has seen before are let in: a crowd at once, then so many a second. */
export interface NewClientLimit {
  readonly burst: number;
  readonly perSecond: number;
}

/** Links that are counted at the same time; there are no more subnets on any interface. */
const MAX_LINKS = 4096;

interface Bucket {
  tokens: number;
  atMs: number;
}

/**
 * A token bucket for each link. A machine hall switched on at once passes, and an endless flood of made-up MAC
 * addresses takes its range only slowly. Time is handed in; a clock that was set back adds nothing.
 */
export class NewClients {
  readonly #buckets = new Map<string, Bucket>();

  /** True, and it counts, where one more may be let in on this link. */
  letIn(link: string, limit: NewClientLimit, nowMs: number): boolean {
    const bucket = this.#bucketOf(link, limit, nowMs);
    const seconds = Math.max(0, nowMs - bucket.atMs) / 1000;
    bucket.tokens = Math.min(limit.burst, bucket.tokens + seconds * limit.perSecond);
    bucket.atMs = nowMs;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  #bucketOf(link: string, { burst }: NewClientLimit, nowMs: number): Bucket {
    const known = this.#buckets.get(link);
    if (known) return known;
    // The link that came first is forgotten: by now it may have a crowd again anyway.
    if (this.#buckets.size >= MAX_LINKS) this.#buckets.delete(this.#buckets.keys().next().value ?? '');
    const bucket = { tokens: burst, atMs: nowMs };
    this.#buckets.set(link, bucket);
    return bucket;
  }
}
