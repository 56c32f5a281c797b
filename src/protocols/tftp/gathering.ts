/**
 * With many transfers in lock step, whoever looks again at once finds one packet at a time, and pays the system calls
 * and the wake-up for each. A short pause lets them gather, as network cards do with their interrupts: only while
 * packets come thick, and never for few clients, each of which would wait for it.
 */

/** The more clients take turns, the less each of them waits for a pause of so many microseconds for each ... */
export const PAUSE_US_PER_TRANSFER = 6;
/** ... but no shorter than this, to which the kernel adds the timer slack of a thread, 50 microseconds, ... */
export const SHORTEST_PAUSE_US = 50;
/** ... and no longer than this, which gathers enough. */
export const LONGEST_PAUSE_US = 400;
/** So many transfers must be under way. */
export const GATHER_TRANSFERS = 8;
/** Packets of one look that are worth its calls without a pause: as many as one call takes. */
export const GATHERED = 64;
/** Packets come thick when a look finds this many for each millisecond since the one before that found some. */
export const THICK_PER_MS = 2;

export interface Look {
  /** Packets that were found. */
  readonly found: number;
  readonly transfers: number;
  readonly nowMs: number;
}

/** How long to pause before the next look. */
export class Gathering {
  #foundMs = -Infinity;

  /** @returns microseconds; 0 when the next look is for whenever something comes. */
  after({ found, transfers, nowMs }: Look): number {
    if (found === 0) return 0;
    const isThick = found >= THICK_PER_MS * (nowMs - this.#foundMs);
    this.#foundMs = nowMs;
    if (!isThick || transfers < GATHER_TRANSFERS || found > GATHERED) return 0;
    return Math.min(Math.max(PAUSE_US_PER_TRANSFER * transfers, SHORTEST_PAUSE_US), LONGEST_PAUSE_US);
  }
}
