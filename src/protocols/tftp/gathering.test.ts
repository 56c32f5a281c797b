import { describe, expect, test } from 'vitest';
import {
  GATHER_TRANSFERS,
  GATHERED,
  Gathering,
  LONGEST_PAUSE_US,
  SHORTEST_PAUSE_US,
  THICK_PER_MS,
} from './gathering.ts';

const MANY = { found: 1, transfers: GATHER_TRANSFERS };
const SOON_MS = 0.5 / THICK_PER_MS;
const LATER_MS = 2 / THICK_PER_MS;

describe('Gathering', () => {
  for (const [when, next, expected] of [
    ['packets of many transfers come thick', {}, SHORTEST_PAUSE_US],
    ['many come after a while', { found: 8, nowMs: LATER_MS }, SHORTEST_PAUSE_US],
    ['more clients take turns', { transfers: 20 }, 120],
    ['a room full of them does', { transfers: 1000 }, LONGEST_PAUSE_US],
    ['packets come thinly', { nowMs: LATER_MS }, 0],
    ['nothing was found', { found: 0 }, 0],
    ['enough were found at once', { found: GATHERED + 1 }, 0],
    ['few transfers are under way', { transfers: GATHER_TRANSFERS - 1 }, 0],
  ] as const) {
    test(`pauses for ${expected} us when ${when}`, () => {
      const gathering = new Gathering();
      expect(gathering.after({ ...MANY, nowMs: 0 })).toBe(0);
      expect(gathering.after({ ...MANY, nowMs: SOON_MS, ...next })).toBe(expected);
    });
  }

  test('a look that finds nothing ends the pauses until packets come thick again', () => {
    const gathering = new Gathering();
    gathering.after({ ...MANY, nowMs: 0 });
    expect(gathering.after({ ...MANY, found: 0, nowMs: SOON_MS })).toBe(0);
    expect(gathering.after({ ...MANY, nowMs: 3 * LATER_MS })).toBe(0);
  });
});
