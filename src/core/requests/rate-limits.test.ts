import { describe, expect, test } from 'vitest';
import { MAX_BUCKETS, TokenBuckets } from './rate-limits.ts';

const LIMIT = { burst: 10, perSecond: 2 };

describe('a bucket', () => {
  for (const [title, spendings, expected] of [
    [
      'is full at first, and gives what is in it',
      [[10, 0]],
      { isSpent: true, left: 0, waitSeconds: 0, fullInSeconds: 5 },
    ],
    [
      'gives no more than is in it',
      [
        [8, 0],
        [3, 0],
      ],
      { isSpent: false, left: 2, waitSeconds: 1, fullInSeconds: 4 },
    ],
    [
      'fills with time',
      [
        [10, 0],
        [3, 1500],
      ],
      { isSpent: true, left: 0, waitSeconds: 0, fullInSeconds: 5 },
    ],
    [
      'fills by parts of a second',
      [
        [10, 0],
        [1, 499],
      ],
      { isSpent: false, left: 0, waitSeconds: 1, fullInSeconds: 5 },
    ],
    [
      'is never more than full',
      [
        [1, 0],
        [4, 1_000_000],
      ],
      { isSpent: true, left: 6, waitSeconds: 0, fullInSeconds: 2 },
    ],
    [
      'keeps what a refused one did not spend',
      [
        [9, 0],
        [5, 0],
        [1, 0],
      ],
      { isSpent: true, left: 0, waitSeconds: 0, fullInSeconds: 5 },
    ],
  ] as const) {
    test(title, () => {
      const buckets = new TokenBuckets(LIMIT);
      const spent = spendings.map(([cost, atMs]) => buckets.spend('a', cost, atMs));
      expect(spent.at(-1)).toEqual(expected);
    });
  }

  test('is one for each key', () => {
    const buckets = new TokenBuckets(LIMIT);
    buckets.spend('a', 10, 0);
    expect(buckets.spend('b', 10, 0).isSpent).toBe(true);
  });

  test('is charged for what has happened, down to nothing and not below', () => {
    const buckets = new TokenBuckets(LIMIT);
    buckets.charge('a', 100, 0);
    expect(buckets.spend('a', 1, 0)).toMatchObject({ isSpent: false, waitSeconds: 1 });
    expect(buckets.spend('a', 1, 500)).toMatchObject({ isSpent: true, left: 0 });
  });
});

test('so many buckets are kept: the one that was not used for longest goes', () => {
  const buckets = new TokenBuckets(LIMIT);
  for (let at = 0; at < MAX_BUCKETS; at += 1) buckets.spend(`k${at}`, 10, 0);
  buckets.spend('k0', 1, 0);
  buckets.spend('one more', 1, 0);
  expect(buckets.size).toBe(MAX_BUCKETS);
  expect(buckets.spend('k0', 1, 0).isSpent).toBe(false);
  expect(buckets.spend('k1', 10, 0).isSpent).toBe(true);
});
