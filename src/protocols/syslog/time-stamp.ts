/** `Nov 27 06:01:02`, the day with a blank or a zero before it (RFC 3164 §4.1.2); some write a year or parts of a second. */
const RFC_3164 =
  /^(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ 0-3]?\d (?:\d{4} )?\d\d:\d\d:\d\d(?:\.\d{1,6})?[ :]/;
/** RFC 5424 §6.2.3, which rsyslogd writes into messages of the older form as well. */
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d) /;

/**
 * What stands behind the time; undefined where the line begins with none. The time itself is not taken: the clocks of
 * machines that install are often wrong, and the time of arrival is known.
 */
export function readTime(line: string): string | undefined {
  const [time] = RFC_3164.exec(line) ?? RFC_3339.exec(line) ?? [];
  return time === undefined ? undefined : line.slice(time.length).trimStart();
}
