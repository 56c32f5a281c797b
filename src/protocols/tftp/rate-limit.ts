/** How many requests of one source, and of all, are taken up in a second: what xinetd calls `cps`. */

export interface RateLimits {
  /** Requests a second of one source address; as many at once are taken after a second of rest. */
  readonly requestsPerSecond: number;
  /** And of all sources together. */
  readonly requestsPerSecondInAll: number;
  /** How long nothing is answered once a rate was passed, in milliseconds. */
  readonly pauseMs: number;
}

/** Source addresses that are remembered; of more, those not heard of for longest begin anew. */
export const MAX_SOURCES = 16_384;

export type RateDecision =
  | { readonly take: true }
  /** Nothing is answered: the client asks again by itself, and an ERROR would end its boot. */
  | { readonly take: false; readonly because: string };

interface Bucket {
  tokens: number;
  filledMs: number;
  pausedUntilMs: number;
}

/** Token buckets, one for each source and one for all. It is handed the time, in milliseconds of a clock that only goes forward. */
export class RequestRates<Source = string> {
  readonly #limits: RateLimits;
  /** In the order in which they were last heard of. */
  readonly #sources = new Map<Source, Bucket>();
  #all: Bucket | undefined;
  #overRate = 0;

  constructor(limits: RateLimits) {
    this.#limits = limits;
  }

  /** Requests that were not answered. */
  get overRate(): number {
    return this.#overRate;
  }

  /** Sources that are remembered now. */
  get sources(): number {
    return this.#sources.size;
  }

  /** Whether this request is taken up; asking counts as a request. */
  take(source: Source, nowMs: number): RateDecision {
    const { requestsPerSecond, requestsPerSecondInAll, pauseMs } = this.#limits;
    if (requestsPerSecond !== Infinity) {
      if (!takeToken(this.#bucketOf(source, nowMs), requestsPerSecond, pauseMs, nowMs)) {
        return this.#refuse(`it makes more than ${requestsPerSecond} requests a second`);
      }
    }
    if (requestsPerSecondInAll === Infinity) return { take: true };
    this.#all ??= fullBucket(requestsPerSecondInAll, nowMs);
    if (takeToken(this.#all, requestsPerSecondInAll, pauseMs, nowMs)) return { take: true };
    return this.#refuse(`all machines together make more than ${requestsPerSecondInAll} requests a second`);
  }

  #bucketOf(source: Source, nowMs: number): Bucket {
    const bucket = this.#sources.get(source) ?? fullBucket(this.#limits.requestsPerSecond, nowMs);
    this.#sources.delete(source);
    this.#sources.set(source, bucket);
    if (this.#sources.size > MAX_SOURCES) {
      const [oldest] = this.#sources.keys();
      if (oldest !== undefined) this.#sources.delete(oldest);
    }
    return bucket;
  }

  #refuse(why: string): RateDecision {
    this.#overRate += 1;
    const seconds = this.#limits.pauseMs / 1000;
    return { take: false, because: `${why}, the most allowed, and is not answered for ${seconds} s` };
  }
}

function fullBucket(rate: number, nowMs: number): Bucket {
  return { tokens: rate, filledMs: nowMs, pausedUntilMs: 0 };
}

function takeToken(bucket: Bucket, rate: number, pauseMs: number, nowMs: number): boolean {
  if (nowMs < bucket.pausedUntilMs) return false;
  bucket.tokens = Math.min(rate, bucket.tokens + ((nowMs - bucket.filledMs) / 1000) * rate);
  bucket.filledMs = nowMs;
  if (bucket.tokens < 1) {
    bucket.pausedUntilMs = nowMs + pauseMs;
    return false;
  }
  bucket.tokens -= 1;
  return true;
}
