import { expect, test } from 'vitest';
import { SeededRandom } from './seeded-random.ts';
import { quantile, spreadOf } from './statistics.ts';

test('spreadOf tells the middle and both ends, in whatever order the values come', () => {
  expect(spreadOf([9, 1, 5])).toEqual({ median: 5, min: 1, max: 9 });
  expect(spreadOf([4, 2])).toEqual({ median: 3, min: 2, max: 4 });
  expect(spreadOf([Infinity, Infinity]).median).toBe(Infinity);
});

test('quantile lies between its neighbours in proportion', () => {
  expect(quantile([0, 10], 0.25)).toBe(2.5);
  expect(quantile([7], 0.99)).toBe(7);
});

test('nothing cannot be summed up', () => {
  expect(() => spreadOf([])).toThrow(RangeError);
});

test('a seed gives the same numbers again, another one others, and all of a range come', () => {
  const take = (seed: number): readonly number[] => {
    const random = new SeededRandom(seed);
    return Array.from({ length: 200 }, () => random.below(10));
  };
  expect(take(7)).toEqual(take(7));
  expect(take(7)).not.toEqual(take(8));
  expect(new Set(take(0)).size).toBe(10);
});

test('a chance of 1 % comes true in about 1 % of the calls, and one of nothing never', () => {
  const random = new SeededRandom(1);
  const hits = Array.from({ length: 100_000 }, () => random.chance(0.01)).filter(Boolean).length;
  expect(hits).toBeGreaterThan(850);
  expect(hits).toBeLessThan(1150);
  expect(Array.from({ length: 1000 }, () => random.chance(0)).some(Boolean)).toBe(false);
});
