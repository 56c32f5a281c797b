import { type ClockReading, clockJump } from '../../core/network/lease-clock.ts';
import type { Clock } from '../../lib/clock.ts';

/** The clocks of the computer, made in daemon. */
export interface ClockSource {
  read(): ClockReading;
  /** Milliseconds since any moment; only goes forward, and costs little. */
  monotonicMs(): number;
}

/**
 * The time leases run on: that of the wall as it was when it was last looked at, going on by itself since then. So a
 * jump of the wall clock ends no lease and extends none, until `look` tells of it and everything is shifted with it.
 */
export class LeaseClock implements Clock {
  readonly #source: ClockSource;
  #looked: ClockReading;
  #lookedAtMs: number;

  constructor(source: ClockSource) {
    this.#source = source;
    this.#looked = source.read();
    this.#lookedAtMs = source.monotonicMs();
  }

  nowMs(): number {
    return Math.floor(this.#looked.wallMs + this.#sinceMs());
  }

  /** What is kept for the next start: the time of leases, whatever the wall says meanwhile. */
  reading(): ClockReading {
    const { bootId, uptimeMs } = this.#looked;
    return { bootId, uptimeMs: uptimeMs + this.#sinceMs(), wallMs: this.nowMs() };
  }

  /** How far the wall clock jumped since the last look; this clock has jumped along when it returns. */
  look(): number {
    const now = this.#source.read();
    const jumpMs = clockJump(this.#looked, now);
    this.#looked = now;
    this.#lookedAtMs = this.#source.monotonicMs();
    return jumpMs;
  }

  #sinceMs(): number {
    return this.#source.monotonicMs() - this.#lookedAtMs;
  }
}
