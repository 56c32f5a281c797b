import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseRange, formatContentRange, formatUnsatisfiedRange } from './range.ts';

const whole = { send: 'whole' } as const;
const part = (first: number, last: number) => ({ send: 'part', first, last }) as const;

describe('a range of a file of 1000 bytes', () => {
  for (const [header, expected] of [
    [undefined, whole],
    ['bytes=0-499', part(0, 499)],
    ['bytes=500-', part(500, 999)],
    ['bytes=999-', part(999, 999)],
    ['bytes=0-0', part(0, 0)],
    ['bytes=-1', part(999, 999)],
    ['bytes=-5000', part(0, 999)],
    ['bytes=990-5000', part(990, 999)],
    ['BYTES=1-2', part(1, 2)],
    ['bytes = 1 - 2 ', part(1, 2)],
    ['bytes=0-99999999999999999999999999', part(0, 999)],
    ['bytes=5-4', whole],
    ['bytes=0-1,5-6', whole],
    ['bytes=-', whole],
    ['bytes=', whole],
    ['bytes=a-b', whole],
    ['bytes=0x1-2', whole],
    ['lines=1-2', whole],
    ['', whole],
  ] as const) {
    test(`"${header ?? 'no header'}"`, () => expect(chooseRange(header, 1000)).toEqual(expected));
  }
  for (const header of ['bytes=1000-', 'bytes=1000-1001', 'bytes=-0', 'bytes=99999999999999999999999-']) {
    test(`"${header}" is behind the end`, () => expect(chooseRange(header, 1000).send).toBe('nothing'));
  }
});

test('an empty file has no part', () => {
  expect(chooseRange('bytes=0-', 0).send).toBe('nothing');
  expect(chooseRange('bytes=-5', 0).send).toBe('nothing');
  expect(chooseRange(undefined, 0)).toEqual(whole);
});

test('the headers of the answers', () => {
  expect(formatContentRange(0, 499, 1000)).toBe('bytes 0-499/1000');
  expect(formatUnsatisfiedRange(1000)).toBe('bytes */1000');
});

test('a part always lies in the file, whatever is asked', () => {
  const header = fc.oneof(
    fc.string(),
    fc.tuple(fc.bigInt({ min: 0n }), fc.bigInt({ min: 0n })).map(([a, b]) => `bytes=${a}-${b}`),
    fc.tuple(fc.nat(2000), fc.nat(2000)).map(([a, b]) => `bytes=${a}-${b}`),
    fc.nat().map((a) => `bytes=-${a}`),
    fc.nat().map((a) => `bytes=${a}-`),
  );
  fc.assert(
    fc.property(header, fc.nat(1500), (text, size) => {
      const choice = chooseRange(text, size);
      if (choice.send !== 'part') return;
      expect(choice.first).toBeGreaterThanOrEqual(0);
      expect(choice.last).toBeGreaterThanOrEqual(choice.first);
      expect(choice.last).toBeLessThan(size);
      expect(Number.isSafeInteger(choice.first) && Number.isSafeInteger(choice.last)).toBe(true);
    }),
    { numRuns: 5000 },
  );
});
