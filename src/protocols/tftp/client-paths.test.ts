import { describe, expect, test } from 'vitest';
import { ClientPaths } from './client-paths.ts';

const UNKNOWN = { roundTripMs: undefined, mostWindowBlocks: undefined };

function learned(windowBlocks: number, whole: number, rolledBack: number): number | undefined {
  const paths = new ClientPaths<string>();
  paths.learn('a', { roundTripMs: 1, windowBlocks, windows: { whole, rolledBack } }, 0);
  return paths.of('a', 1).mostWindowBlocks;
}

describe('the windows of a client', () => {
  for (const [what, windowBlocks, whole, rolledBack, expected] of [
    ['that loses nothing stay', 64, 1000, 0, undefined],
    ['that loses 2 % stay', 64, 980, 20, undefined],
    ['that loses more are halved', 64, 970, 30, 32],
    ['are not judged by a few', 64, 30, 10, undefined],
    ['are never made shorter than 4', 7, 900, 100, 4],
    ['of 4 stay', 4, 900, 100, undefined],
  ] as const) {
    test(what, () => expect(learned(windowBlocks, whole, rolledBack)).toBe(expected));
  }

  test('are halved again when half of them is too much as well', () => {
    const paths = new ClientPaths<string>();
    const windows = { whole: 900, rolledBack: 100 };
    paths.learn('a', { roundTripMs: 1, windowBlocks: 64, windows }, 0);
    paths.learn('a', { roundTripMs: 1, windowBlocks: 32, windows }, 1);
    expect(paths.of('a', 2).mostWindowBlocks).toBe(16);
  });
});

test('a round trip is kept when the next transfer measured none, and forgotten after ten minutes', () => {
  const paths = new ClientPaths<string>();
  const windows = { whole: 1, rolledBack: 0 };
  paths.learn('a', { roundTripMs: 7, windowBlocks: 1, windows }, 0);
  paths.learn('a', { roundTripMs: undefined, windowBlocks: 1, windows }, 1000);
  expect(paths.of('a', 2000).roundTripMs).toBe(7);
  expect(paths.of('a', 601_000)).toEqual(UNKNOWN);
  expect(paths.of('b', 0)).toEqual(UNKNOWN);
});

test('a bounded number of clients is remembered, the newest', () => {
  const paths = new ClientPaths<number>();
  const windows = { whole: 1, rolledBack: 0 };
  for (let client = 0; client < 4097; client += 1)
    paths.learn(client, { roundTripMs: client, windowBlocks: 1, windows }, 0);
  expect(paths.of(0, 1)).toEqual(UNKNOWN);
  expect(paths.of(4096, 1).roundTripMs).toBe(4096);
});
