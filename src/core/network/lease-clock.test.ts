import { expect, test } from 'vitest';
import { type ClockReading, clockJump } from './lease-clock.ts';

const NOON = 1_790_000_000_000;
const YEAR = 365 * 86_400_000;
const BEFORE: ClockReading = { bootId: 'a', uptimeMs: 5_000, wallMs: NOON };

const rows: readonly (readonly [string, Partial<ClockReading>, number])[] = [
  ['goes on', { uptimeMs: 65_000, wallMs: NOON + 60_000 }, 0],
  ['is corrected a little', { uptimeMs: 65_000, wallMs: NOON + 61_999 }, 0],
  ['is set two seconds forward', { uptimeMs: 65_000, wallMs: NOON + 62_000 }, 2_000],
  ['is set a year forward', { uptimeMs: 6_000, wallMs: NOON + 1_000 + YEAR }, YEAR],
  ['is set a year back', { uptimeMs: 6_000, wallMs: NOON + 1_000 - YEAR }, -YEAR],
  ['went on while the computer slept', { uptimeMs: 5_000 + YEAR, wallMs: NOON + YEAR }, 0],
  ['is ahead after a restart of the computer', { bootId: 'b', uptimeMs: 10, wallMs: NOON + YEAR }, 0],
  ['is behind after a restart of the computer', { bootId: 'b', uptimeMs: 10, wallMs: NOON - YEAR }, -YEAR],
  ['is a second behind after a restart', { bootId: 'b', uptimeMs: 10, wallMs: NOON - 1_000 }, -1_000],
];
for (const [what, now, jump] of rows) {
  test(`clockJump: where the wall clock ${what}, leases are shifted by ${jump} ms`, () => {
    expect(clockJump(BEFORE, { ...BEFORE, ...now })).toBe(jump);
  });
}
