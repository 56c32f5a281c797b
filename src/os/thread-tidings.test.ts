import { beforeEach, describe, expect, test } from 'vitest';
import { ThreadTidings } from './thread-tidings.ts';

interface Told {
  readonly numbers: readonly number[];
  readonly failed: readonly string[];
}

describe('what a thread has to tell', () => {
  let tidings: ThreadTidings<Told>;
  beforeEach(() => {
    tidings = new ThreadTidings<Told>(() => ({ numbers: [], failed: [] }));
  });

  for (const [when, what, dueMs] of [
    ['never, where there is nothing', () => undefined, Number.POSITIVE_INFINITY],
    ['at once', () => tidings.now('numbers', 1), 0],
    ['at once: a fault', () => tidings.words('failed', new Error('the disk is gone')), 0],
    ['soon, where nobody waits for it', () => tidings.later(1000), 1200],
    ['soon after the first of several', () => [1000, 1100, 900].map((at) => tidings.later(at)), 1100],
    ['soon: a sum', () => tidings.sumBegun(1, 1000), 1200],
    ['at once: as many sums as may wait', () => tidings.sumBegun(4096, 1000), 0],
  ] as const)
    test(`is told ${when}`, () => {
      what();
      expect(tidings.dueMs).toBe(dueMs);
    });

  test('is told once, all of it together', () => {
    tidings.now('numbers', 1);
    tidings.words('failed', 'no reason');
    tidings.now('numbers', 2);
    expect(tidings.take()).toEqual({ numbers: [1, 2], failed: ['no reason'] });
    expect([tidings.dueMs, tidings.take()]).toEqual([Number.POSITIVE_INFINITY, { numbers: [], failed: [] }]);
  });

  test('in words is not more than somebody reads, and the next time told again', () => {
    for (let count = 0; count < 100; count += 1) tidings.words('failed', `fault ${count}`);
    expect(tidings.take().failed).toEqual(Array.from({ length: 16 }, (_, count) => `fault ${count}`));
    tidings.words('failed', 'fault 100');
    expect(tidings.take().failed).toEqual(['fault 100']);
  });
});
