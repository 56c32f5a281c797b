import fc from 'fast-check';
import { expect, test } from 'vitest';
import { calendarTime, LAST_MS } from './calendar-time.ts';

test('every moment that can be written is the one that the engine has for it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: LAST_MS }), (ms) => {
      const date = new Date(ms);
      expect(calendarTime(ms)).toEqual({
        year: date.getUTCFullYear(),
        month: date.getUTCMonth() + 1,
        day: date.getUTCDate(),
        hour: date.getUTCHours(),
        minute: date.getUTCMinutes(),
        second: date.getUTCSeconds(),
      });
    }),
    { numRuns: 2000 },
  );
});

for (const [text, ms] of [
  ['the beginning of 1970', Date.UTC(1970, 0, 1)],
  ['a leap day', Date.UTC(2024, 1, 29, 23, 59, 59)],
  ['the day after it', Date.UTC(2024, 2, 1)],
  ['a leap day of a century', Date.UTC(2000, 1, 29)],
  ['no leap day in 2100', Date.UTC(2100, 2, 1)],
  ['the end of a year', Date.UTC(2023, 11, 31, 12)],
] as const) {
  test(`${text} is written as it is`, () => {
    const { year, month, day, hour } = calendarTime(ms);
    expect(Date.UTC(year, month - 1, day, hour)).toBe(ms - (ms % 3_600_000));
  });
}

for (const [what, ms, year] of [
  ['before 1970', -1, 1970],
  ['after 9999', LAST_MS + 5000, 9999],
  ['without end', Infinity, 9999],
  ['that is none', Number.NaN, 1970],
] as const) {
  test(`a time ${what} becomes the nearest that can be written`, () =>
    expect(calendarTime(ms).year).toBe(year));
}
