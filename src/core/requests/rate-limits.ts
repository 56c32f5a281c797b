/** How often the API may be asked: token buckets, which fill steadily and hold so much at most. */

export interface RateLimit {
  /** What may be spent at once, after a while of nothing. */
  readonly burst: number;
  readonly perSecond: number;
}

/**
 * `known`: each session, each token, and where nobody logs in each address. A page that shows everything asks some 20
 * things when it opens and a few each second. `stranger`: each address, for what comes without a log-in.
 */
export const RATE_LIMITS = {
  known: { burst: 2_000, perSecond: 200 },
  stranger: { burst: 120, perSecond: 2 },
} as const satisfies Record<string, RateLimit>;

export type RateLimitName = keyof typeof RATE_LIMITS;
export type RateLimitTable = Readonly<Record<RateLimitName, RateLimit>>;

/** What one request costs. */
export const REQUEST_COSTS = {
  read: 1,
  /** It writes to the disk. */
  change: 5,
  /** It shows a token or a session that is not known: somebody may be trying them out. */
  unknown: 10,
  /** On top of the request. */
  failedLogIn: 20,
} as const;

/** Buckets that are kept; the one that was not used for longest goes first, and is full when it comes again. */
export const MAX_BUCKETS = 10_000;

export interface Spending {
  /** False: there was too little, and nothing was spent. */
  readonly isSpent: boolean;
  readonly left: number;
  /** Until there is enough for what was wanted; 0 where there was. */
  readonly waitSeconds: number;
  /** Until it is full. */
  readonly fullInSeconds: number;
}

interface Bucket {
  left: number;
  atMs: number;
}

/** The buckets of one limit. */
export class TokenBuckets {
  readonly #limit: RateLimit;
  /** In order of last use. */
  readonly #buckets = new Map<string, Bucket>();

  constructor(limit: RateLimit) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#buckets.size;
  }

  /** @param nowMs of a clock that is never set back. */
  spend(key: string, cost: number, nowMs: number): Spending {
    const { burst, perSecond } = this.#limit;
    const before = this.#leftOf(key, nowMs);
    const isSpent = before >= cost;
    const left = isSpent ? before - cost : before;
    this.#keep(key, { left, atMs: nowMs });
    return {
      isSpent,
      left: Math.floor(left),
      waitSeconds: isSpent ? 0 : Math.ceil((cost - before) / perSecond),
      fullInSeconds: Math.ceil((burst - left) / perSecond),
    };
  }

  /** Takes what is there, for something that has happened already. */
  charge(key: string, cost: number, nowMs: number): void {
    this.#keep(key, { left: Math.max(0, this.#leftOf(key, nowMs) - cost), atMs: nowMs });
  }

  #leftOf(key: string, nowMs: number): number {
    const { burst, perSecond } = this.#limit;
    const bucket = this.#buckets.get(key);
    return bucket === undefined
      ? burst
      : Math.min(burst, bucket.left + ((nowMs - bucket.atMs) / 1000) * perSecond);
  }

  #keep(key: string, bucket: Bucket): void {
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    if (this.#buckets.size <= MAX_BUCKETS) return;
    const [oldest = key] = this.#buckets.keys();
    this.#buckets.delete(oldest);
  }
}
