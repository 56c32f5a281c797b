import { expect, test } from 'vitest';
import { leftMs, percentOf, rateOf } from './progress.ts';

for (const [what, measured, percent, left] of [
  ['half of it', { here: 50, bytes: 100, bytesPerSecond: 10 }, 50, 5000],
  ['all of it', { here: 100, bytes: 100, bytesPerSecond: 10 }, 100, 0],
  ['more than was said', { here: 120, bytes: 100, bytesPerSecond: 10 }, 100, 0],
  ['of unknown length', { here: 50, bytesPerSecond: 10 }, undefined, undefined],
  ['nothing comes', { here: 50, bytes: 100, bytesPerSecond: 0 }, 50, undefined],
  ['at no known rate', { here: 0, bytes: 100 }, 0, undefined],
] as const)
  test(`${what}: ${percent} %, ${left} ms left`, () => {
    expect([percentOf(measured), leftMs(measured)]).toEqual([percent, left]);
  });

test('the rate is what was sent by the time it took', () => {
  expect(rateOf(3000, 1000, 2500)).toBe(2000);
  expect(rateOf(3000, 1000, 1000)).toBeUndefined();
});
