import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideRetry, MAX_AGE_MS, MAX_ATTEMPTS, readAnswer, readExit } from './decide-retry.ts';

const FAILED = { result: 'failed', said: '500' } as const;

describe('after an attempt', () => {
  for (const [title, attempt, attempts, ageMs, expected] of [
    ['that was done it goes on', { result: 'done', said: '200' }, 1, 0, { do: 'go on' }],
    [
      'that was refused it gives up',
      { result: 'refused', said: '410' },
      1,
      0,
      { do: 'give up', because: '410' },
    ],
    ['that failed it waits half a second to a second', FAILED, 1, 0, { do: 'wait', ms: 750 }],
    ['twice as long after the second', FAILED, 2, 0, { do: 'wait', ms: 1500 }],
    ['and a quarter of an hour at most', FAILED, 40, 0, { do: 'wait', ms: 675_000 }],
    ['as long as the server says', { ...FAILED, waitMs: 30_000 }, 1, 0, { do: 'wait', ms: 30_000 }],
    ['but not for ever', { ...FAILED, waitMs: 1e9 }, 1, 0, { do: 'wait', ms: 900_000 }],
    ['the last one', FAILED, MAX_ATTEMPTS, 0, { do: 'give up', because: '500, after 200 attempts' }],
    ['after a day', FAILED, 3, MAX_AGE_MS, { do: 'give up', because: '500, for 24 hours' }],
  ] as const) {
    test(title, () => expect(decideRetry(attempt, attempts, ageMs, 0.5)).toEqual(expected));
  }

  const chances = fc.array(fc.double({ min: 0, max: 0.999999, noNaN: true }), {
    minLength: MAX_ATTEMPTS,
    maxLength: MAX_ATTEMPTS,
  });
  test('that fails it is tried for a day and no longer, and never without a pause, whatever chance says', () => {
    fc.assert(
      fc.property(chances, (randoms) => {
        let ageMs = 0;
        for (const [at, random] of randoms.entries()) {
          const retry = decideRetry(FAILED, at + 1, ageMs, random);
          if (retry.do !== 'wait') break;
          expect(retry.ms).toBeGreaterThanOrEqual(500);
          ageMs += retry.ms;
        }
        expect(ageMs).toBeGreaterThanOrEqual(MAX_AGE_MS - 900_000);
        expect(ageMs).toBeLessThan(MAX_AGE_MS + 900_000);
      }),
    );
  });
});

describe('an answer', () => {
  for (const [status, retryAfter, expected] of [
    [200, undefined, { result: 'done', said: '200' }],
    [204, undefined, { result: 'done', said: '204' }],
    [301, undefined, { result: 'failed', said: '301, and redirects are not followed' }],
    [404, undefined, { result: 'failed', said: '404' }],
    [410, undefined, { result: 'refused', said: '410' }],
    [429, '30', { result: 'failed', said: '429', waitMs: 30_000 }],
    [503, 'Fri, 27 Nov 2026 07:00:00 GMT', { result: 'failed', said: '503' }],
  ] as const) {
    test(`of ${status} is ${expected.result}`, () =>
      expect(readAnswer(status, retryAfter)).toEqual(expected));
  }
});

describe('a program', () => {
  for (const [code, said, expected] of [
    [0, 'noise', { result: 'done', said: 'ended with 0' }],
    [75, 'no route', { result: 'failed', said: 'ended with 75: no route' }],
    [1, '', { result: 'refused', said: 'ended with 1' }],
  ] as const) {
    test(`that ends with ${code} has ${expected.result}`, () =>
      expect(readExit(code, said)).toEqual(expected));
  }
});
