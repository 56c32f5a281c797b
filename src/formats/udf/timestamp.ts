import type { LittleEndian } from '../../lib/little-endian.ts';

/** Local time with its distance from UTC; the other kinds have none (ECMA-167 1/7.3.1). */
const LOCAL = 1;
/** The largest distance of a time zone from UTC; beyond it, as -2047, none was given. */
const MAX_ZONE_MINUTES = 1440;
const MINUTE_MS = 60_000;

/** Milliseconds since 1970 from the twelve bytes there (ECMA-167 1/7.3); undefined where nobody filled them in. */
export function decodeTimestamp(fields: LittleEndian, at: number): number | undefined {
  const kind = fields.uint16(at) >> 12;
  // Twelve bits with a sign.
  const zone = (fields.uint16(at) << 20) >> 20;
  const [year, month, day] = [fields.int16(at + 2), fields.uint8(at + 4), fields.uint8(at + 5)];
  const [hour, minute, second] = [fields.uint8(at + 6), fields.uint8(at + 7), fields.uint8(at + 8)];
  const hundredths = fields.uint8(at + 9);
  if (year < 1900 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31) return undefined;
  if (hour > 23 || minute > 59 || second > 60 || hundredths > 99) return undefined;
  const ms = Date.UTC(year, month - 1, day, hour, minute, second, hundredths * 10);
  return kind === LOCAL && Math.abs(zone) <= MAX_ZONE_MINUTES ? ms - zone * MINUTE_MS : ms;
}
