/**
 * With many transfers in lock step, whoever looks again at once finds one packet at a time, and pays the system calls
 * and the wake-up for each. A short pause lets them gather, as network cards do with their interrupts: only while
 * packets come thick, and never for few clients, each of which would wait for it.
 */

/** The kernel adds the timer slack of a thread, 50 microseconds. */
export const GATHER_US = 50;
/** So many transfers must be under way. */
export const GATHER_TRANSFERS = 8;
/** Packets of one look that are worth its calls without a pause. */
export const GATHERED = 32;
/** Packets come thick when there is this much between two looks that find some, in milliseconds. */
export const THICK_MS = 0.5;

export interface Look {
  /** Packets that were found. */
  readonly found: number;
  readonly transfers: number;
  readonly nowMs: number;
}

/** Whether to pause before the next look. */
export class Gathering {
  #foundMs = -Infinity;

  after({ found, transfers, nowMs }: Look): 'pause' | 'wait' {
    if (found === 0) return 'wait';
    const isThick = nowMs - this.#foundMs < THICK_MS;
    this.#foundMs = nowMs;
    return isThick && transfers >= GATHER_TRANSFERS && found <= GATHERED ? 'pause' : 'wait';
  }
}
