import { describe, expect, test } from 'vitest';
import { GATHER_TRANSFERS, GATHERED, Gathering, THICK_MS } from './gathering.ts';

const MANY = { found: 1, transfers: GATHER_TRANSFERS };
const SOON_MS = THICK_MS / 2;

describe('Gathering', () => {
  for (const [when, next, expected] of [
    ['packets of many transfers come thick', {}, 'pause'],
    ['they come thinly', { nowMs: THICK_MS }, 'wait'],
    ['nothing was found', { found: 0 }, 'wait'],
    ['enough were found at once', { found: GATHERED + 1 }, 'wait'],
    ['few transfers are under way', { transfers: GATHER_TRANSFERS - 1 }, 'wait'],
  ] as const) {
    test(`says ${expected} when ${when}`, () => {
      const gathering = new Gathering();
      expect(gathering.after({ ...MANY, nowMs: 0 })).toBe('wait');
      expect(gathering.after({ ...MANY, nowMs: SOON_MS, ...next })).toBe(expected);
    });
  }

  test('a look that finds nothing ends the pauses until packets come thick again', () => {
    const gathering = new Gathering();
    gathering.after({ ...MANY, nowMs: 0 });
    expect(gathering.after({ ...MANY, found: 0, nowMs: SOON_MS })).toBe('wait');
    expect(gathering.after({ ...MANY, nowMs: 3 * THICK_MS })).toBe('wait');
  });
});
