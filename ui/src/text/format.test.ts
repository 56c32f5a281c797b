import { expect, test } from 'vitest';
import { createFormat } from './format.ts';

const english = createFormat('en');
const chinese = createFormat('zh');

for (const [bytes, expected] of [
  [0, '0 B'],
  [1023, '1,023 B'],
  [1024, '1.0 KiB'],
  [1536, '1.5 KiB'],
  [99.94 * 1024, '99.9 KiB'],
  [100 * 1024, '100 KiB'],
  [700 * 1024 ** 2, '700 MiB'],
  [4.5 * 1024 ** 3, '4.5 GiB'],
  [2 ** 60, '1,024 PiB'],
] as const)
  test(`${bytes} bytes are ${expected}`, () => expect(english.bytes(bytes)).toBe(expected));

for (const [ms, expected] of [
  [-5, '0s'],
  [400, '0s'],
  [59_400, '59s'],
  [125_000, '2m 05s'],
  [3_660_000, '1h 01m'],
  [90_000_000, '1d 01h'],
] as const)
  test(`${ms} ms last ${expected}`, () => expect(english.duration(ms)).toBe(expected));

for (const [ms, expected] of [
  [0, '0 ms'],
  [120.4, '120 ms'],
  [1_440, '1.4s'],
  [42_000, '42s'],
] as const)
  test(`${ms} ms took ${expected}`, () => expect(english.took(ms)).toBe(expected));

test('what was is told in the language', () => {
  const now = Date.UTC(2026, 10, 23, 13);
  expect(english.ago(now - 3 * 60_000, now)).toBe('3 minutes ago');
  expect(english.ago(now - 200, now)).toBe('now');
  expect(english.ago(now - 26 * 3_600_000, now)).toBe('yesterday');
  expect(chinese.ago(now - 3 * 60_000, now)).toBe('3分钟前');
});

test('percents, rates and lists', () => {
  expect(english.percent(42.4)).toBe('42%');
  expect(english.rate(2 * 1024 ** 2)).toBe('2.0 MiB/s');
  expect(english.list(['a', 'b', 'c'])).toBe('a, b and c');
  expect(chinese.list(['甲', '乙'])).toBe('甲和乙');
});
