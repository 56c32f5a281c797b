/** A moment as a calendar has it, in UTC. */
export interface CalendarTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** 9999-12-31 23:59:59; the forms of FTP have four digits for the year. */
export const LAST_MS = 253_402_300_799_000;
const DAY_SECONDS = 86_400;
/** Days of 400 years, after which the Gregorian calendar repeats itself, ... */
const ERA_DAYS = 146_097;
/** ... and from 1 March of the year 0, where an era begins, to 1 January 1970. */
const DAYS_TO_1970 = 719_468;

/** Discs have been seen with any time: those that cannot be written become the nearest that can. */
export function calendarTime(timeMs: number): CalendarTime {
  const seconds = Math.floor(writableMs(timeMs) / 1000);
  const days = Math.floor(seconds / DAY_SECONDS) + DAYS_TO_1970;
  const inDay = seconds % DAY_SECONDS;
  const era = Math.floor(days / ERA_DAYS);
  const inEra = days % ERA_DAYS;
  // Years are counted from March, so that the leap day is their last.
  const yearInEra = Math.floor(
    (inEra - Math.floor(inEra / 1460) + Math.floor(inEra / 36_524) - Math.floor(inEra / (ERA_DAYS - 1))) /
      365,
  );
  const inYear = inEra - (365 * yearInEra + Math.floor(yearInEra / 4) - Math.floor(yearInEra / 100));
  // From March on, five months always have 153 days.
  const fromMarch = Math.floor((5 * inYear + 2) / 153);
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  return {
    year: era * 400 + yearInEra + (month <= 2 ? 1 : 0),
    month,
    day: inYear - Math.floor((153 * fromMarch + 2) / 5) + 1,
    hour: Math.floor(inDay / 3600),
    minute: Math.floor((inDay % 3600) / 60),
    second: inDay % 60,
  };
}

export function writableMs(timeMs: number): number {
  return Number.isNaN(timeMs) ? 0 : Math.min(Math.max(timeMs, 0), LAST_MS);
}
