import fc from 'fast-check';
import { expect, test } from 'vitest';
import { steadyNow } from './steady-clock.ts';

const NOON = 1_790_000_000_000;
const YEAR = 365 * 86_400_000;
const kept = { clocks: { bootId: 'a', uptimeMs: 5_000, wallMs: NOON }, steadyMs: 1_000_000 };

for (const [what, now, steadyMs] of [
  ['goes on with the computer', { bootId: 'a', uptimeMs: 65_000, wallMs: NOON + 60_000 }, 1_060_000],
  [
    'does not see a wall clock that is set forward',
    { bootId: 'a', uptimeMs: 65_000, wallMs: NOON + YEAR },
    1_060_000,
  ],
  [
    'does not see a wall clock that is set back',
    { bootId: 'a', uptimeMs: 65_000, wallMs: NOON - YEAR },
    1_060_000,
  ],
  [
    'counts how long the computer was off',
    { bootId: 'b', uptimeMs: 10, wallMs: NOON + 3_600_000 },
    4_600_000,
  ],
  ['counts no time where the clock forgot the date', { bootId: 'b', uptimeMs: 10, wallMs: 0 }, 1_000_000],
] as const) {
  test(`the steady clock ${what}`, () => expect(steadyNow(kept, now)).toBe(steadyMs));
}

test('it begins as the wall clock is', () => {
  expect(steadyNow(undefined, kept.clocks)).toBe(NOON);
});

test('it never goes back, whatever the clocks of the computer say', () => {
  const reading = fc.record({
    bootId: fc.constantFrom('a', 'b'),
    uptimeMs: fc.nat(),
    wallMs: fc.integer(),
  });
  fc.assert(
    fc.property(fc.array(reading, { minLength: 1 }), (readings) => {
      let last = kept;
      for (const clocks of readings) {
        const steadyMs = steadyNow(last, clocks);
        expect(steadyMs).toBeGreaterThanOrEqual(last.steadyMs);
        last = { clocks, steadyMs };
      }
    }),
  );
});
