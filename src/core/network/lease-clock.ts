/** What the clocks of a computer say at one moment. */
export interface ClockReading {
  /** Another after each start of the computer. */
  readonly bootId: string;
  /** Since that start, in milliseconds; nobody can set it. */
  readonly uptimeMs: number;
  /** Milliseconds since 1970-01-01 UTC, as it is set. */
  readonly wallMs: number;
}

/** A wall clock that is off by less is one that is being corrected; by more, one that was set. */
export const MIN_JUMP_MS = 2_000;

/**
 * How far the wall clock was set forward (or back, where negative) between two readings: leases end that much later
 * on the wall, so that each lasts as long as its client was told. 0 where it only went on.
 *
 * After a restart of the computer nobody knows how long it was off. A clock that is ahead of the last reading may be
 * right and is believed; one behind it cannot be, and counts as no time gone by: so a lease keeps what was left of it
 * and gets no more.
 */
export function clockJump(before: ClockReading, now: ClockReading): number {
  if (before.bootId !== now.bootId) return Math.min(0, now.wallMs - before.wallMs);
  const jumpMs = now.wallMs - before.wallMs - (now.uptimeMs - before.uptimeMs);
  return Math.abs(jumpMs) < MIN_JUMP_MS ? 0 : Math.round(jumpMs);
}
