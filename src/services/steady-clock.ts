import { type SteadyClockStore, type SteadyReading, steadyNow } from '../core/network/steady-clock.ts';
import type { Clock } from '../lib/clock.ts';
import type { ClockSource } from './dhcp/lease-clock.ts';

export interface SteadyClockNeeds {
  readonly clocks: Pick<ClockSource, 'read'>;
  readonly kept: SteadyClockStore;
}

/**
 * A clock that only goes forward, over restarts too, for times that must not end because somebody set the wall clock.
 * It says nothing of the date.
 */
export class SteadyClock implements Clock {
  readonly #needs: SteadyClockNeeds;
  #last: SteadyReading | undefined;

  constructor(needs: SteadyClockNeeds) {
    this.#needs = needs;
  }

  /** Once, before anybody asks for the time. */
  async open(): Promise<void> {
    this.#last = await this.#needs.kept.kept();
    await this.keep();
  }

  nowMs(): number {
    return Math.floor(this.#read().steadyMs);
  }

  /** For the next start: for every minute or so. */
  async keep(): Promise<void> {
    await this.#needs.kept.keep(this.#read());
  }

  #read(): SteadyReading {
    const clocks = this.#needs.clocks.read();
    this.#last = { clocks, steadyMs: steadyNow(this.#last, clocks) };
    return this.#last;
  }
}
