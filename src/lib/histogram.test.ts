import { expect, test } from 'vitest';
import { Histogram } from './histogram.ts';

test('an observation is in the first bucket that is not too small, and the largest only in the count', () => {
  const histogram = new Histogram([0.25, 1]);
  for (const value of [0, 0.25, 0.5, 1, 8]) histogram.observe(value);
  expect(histogram.reading).toEqual({ bounds: [0.25, 1], inBucket: [2, 2], count: 5, sum: 9.75 });
});
