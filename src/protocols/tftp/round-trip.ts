import type { TransferTimes } from './transfer-action.ts';

/** RFC 6298 §2.3. */
const SMOOTHING = 1 / 8;
const DEVIATION_SMOOTHING = 1 / 4;
const DEVIATIONS = 4;

export interface RoundTripStart {
  readonly times: TransferTimes;
  /** Seconds the client asked for (RFC 2349), in milliseconds: it bounds the wait from above. */
  readonly askedMs: number | undefined;
  /** What the last transfer of the same client measured. */
  readonly knownMs: number | undefined;
}

/**
 * How long to wait for an answer before sending again (RFC 6298): from the measured round trip, and doubled for
 * each repetition until a packet that was sent only once is answered (Karn's rule, RFC 6298 §3 and §5).
 */
export class RoundTrip {
  readonly #times: TransferTimes;
  readonly #mostMs: number;
  #smoothedMs: number | undefined;
  #deviationMs = 0;
  #timeoutMs: number;

  constructor({ times, askedMs, knownMs }: RoundTripStart) {
    this.#times = times;
    this.#mostMs = Math.min(askedMs ?? Infinity, times.longestTimeoutMs);
    // A first measurement of R gives R + 4 * R/2 (RFC 6298 §2.2).
    const first =
      knownMs === undefined ? times.firstTimeoutMs : Math.max(times.shortestFirstTimeoutMs, 3 * knownMs);
    this.#timeoutMs = Math.min(first, this.#mostMs);
  }

  /** Smoothed, in milliseconds; undefined until it has been measured once. */
  get smoothedMs(): number | undefined {
    return this.#smoothedMs;
  }

  get timeoutMs(): number {
    return this.#timeoutMs;
  }

  /** Something that was sent only once was answered after this time. */
  measured(sampleMs: number): void {
    if (this.#smoothedMs === undefined) {
      this.#smoothedMs = sampleMs;
      this.#deviationMs = sampleMs / 2;
    } else {
      const difference = Math.abs(this.#smoothedMs - sampleMs);
      this.#deviationMs += (difference - this.#deviationMs) * DEVIATION_SMOOTHING;
      this.#smoothedMs += (sampleMs - this.#smoothedMs) * SMOOTHING;
    }
    const straysMs = Math.max(DEVIATIONS * this.#deviationMs, this.#times.shortestTimeoutMs);
    this.#timeoutMs = Math.min(this.#smoothedMs + straysMs, this.#mostMs);
  }

  /** The time was up. The client's own timeout bounds the first wait only: it is not there to hear us sooner. */
  doubled(): void {
    this.#timeoutMs = Math.min(2 * this.#timeoutMs, this.#times.longestTimeoutMs);
  }
}
