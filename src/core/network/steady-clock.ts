import type { ClockReading } from './lease-clock.ts';

/** What a clock that only goes forward said when the clocks of the computer said this. */
export interface SteadyReading {
  readonly clocks: ClockReading;
  readonly steadyMs: number;
}

export interface SteadyClockStore {
  kept(): Promise<SteadyReading | undefined>;
  keep(reading: SteadyReading): Promise<void>;
}

/**
 * The time on the steady clock: since it was kept last, as long as the computer ran, whatever its wall clock was set
 * to meanwhile. Over a restart of the computer only the wall clock tells how long it was off; one that is behind what
 * was kept cannot be right, and counts as no time.
 */
export function steadyNow(kept: SteadyReading | undefined, now: ClockReading): number {
  if (kept === undefined) return now.wallMs;
  const { clocks, steadyMs } = kept;
  const gone = clocks.bootId === now.bootId ? now.uptimeMs - clocks.uptimeMs : now.wallMs - clocks.wallMs;
  return steadyMs + Math.max(0, gone);
}
