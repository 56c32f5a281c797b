import type { DiscFields } from './disc-fields.ts';

/** The two ways in which a disc says when: ECMA-119 §9.1.5 (seven bytes) and §8.4.26.1 (seventeen). */
export const SHORT_TIME_BYTES = 7;
export const LONG_TIME_BYTES = 17;

/** The offset from Greenwich is counted in these; 48 of them are twelve hours west, 52 thirteen east. */
const QUARTER_HOUR_MS = 15 * 60_000;
const OFFSETS = { least: -48, most: 52 } as const;

/** Milliseconds since 1970; undefined where the time is left out, which zeros say, or is none. */
export function shortTime(fields: DiscFields, at: number): number | undefined {
  return timeOf({
    year: 1900 + fields.uint8(at),
    month: fields.uint8(at + 1),
    day: fields.uint8(at + 2),
    hour: fields.uint8(at + 3),
    minute: fields.uint8(at + 4),
    second: fields.uint8(at + 5),
    milliseconds: 0,
    offset: fields.int8(at + 6),
  });
}

/** The same for a time written in digits; zeros mean that there is none here too. */
export function longTime(fields: DiscFields, at: number): number | undefined {
  const digits = fields.text(at, LONG_TIME_BYTES - 1);
  if (!/^\d{16}$/.test(digits)) return undefined;
  const number = (from: number, length: number): number => Number(digits.slice(from, from + length));
  return timeOf({
    year: number(0, 4),
    month: number(4, 2),
    day: number(6, 2),
    hour: number(8, 2),
    minute: number(10, 2),
    second: number(12, 2),
    milliseconds: number(14, 2) * 10,
    offset: fields.int8(at + LONG_TIME_BYTES - 1),
  });
}

interface Written {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly milliseconds: number;
  readonly offset: number;
}

function timeOf({
  year,
  month,
  day,
  hour,
  minute,
  second,
  milliseconds,
  offset,
}: Written): number | undefined {
  const isTime =
    month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour < 24 && minute < 60 && second <= 60;
  if (!isTime) return undefined;
  const local = Date.UTC(year, month - 1, day, hour, minute, second, milliseconds);
  // Some writers leave anything in the last byte.
  return offset < OFFSETS.least || offset > OFFSETS.most ? local : local - offset * QUARTER_HOUR_MS;
}
