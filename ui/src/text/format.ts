import type { Language } from './catalogue.ts';

/** How times, sizes and numbers are written. Everything comes from Intl; only binary units have no form there. */
export interface Format {
  readonly number: (value: number) => string;
  /** `value` is 0 to 100. */
  readonly percent: (value: number) => string;
  readonly bytes: (bytes: number) => string;
  readonly rate: (bytesPerSecond: number) => string;
  /** `13:24:05` */
  readonly clock: (time: string | number) => string;
  readonly dateTime: (time: string | number) => string;
  /** `3 minutes ago` */
  readonly ago: (time: string | number, nowMs: number) => string;
  /** `2m 05s`: always as wide while it counts. */
  readonly duration: (ms: number) => string;
  /** What is over, exactly: `120 ms`, `1.4s`, `2m 05s`. */
  readonly took: (ms: number) => string;
  readonly list: (items: readonly string[]) => string;
}

const BINARY_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;
const AGO_UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;
/** Below this a tenth of a second says something. */
const EXACT_BELOW_MS = 10_000;
/** Below this one decimal is shown. */
const WITH_DECIMAL_BELOW = 100;

export function createFormat(language: Language): Format {
  const locale = language === 'zh' ? 'zh-CN' : 'en-GB';
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const short = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'medium', hourCycle: 'h23' });
  const dateTime = new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'medium',
    hourCycle: 'h23',
  });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });
  const bytes = (count: number): string => {
    const power = Math.min(
      Math.max(0, Math.floor(Math.log2(Math.max(1, count)) / 10)),
      BINARY_UNITS.length - 1,
    );
    const value = count / 1024 ** power;
    const text = power > 0 && value < WITH_DECIMAL_BELOW ? short.format(value) : whole.format(value);
    return `${text} ${BINARY_UNITS[power] ?? 'B'}`;
  };
  return {
    number: (value) => whole.format(value),
    percent: (value) => percent.format(value / 100),
    bytes,
    rate: (bytesPerSecond) => `${bytes(bytesPerSecond)}/s`,
    clock: (time) => clock.format(new Date(time)),
    dateTime: (time) => dateTime.format(new Date(time)),
    ago: (time, nowMs) => {
      const seconds = Math.max(0, Math.round((nowMs - new Date(time).getTime()) / 1000));
      const [unit, size] = AGO_UNITS.find(([, least]) => seconds >= least) ?? ['second', 1];
      return relative.format(-Math.floor(seconds / size), unit);
    },
    duration: durationText,
    took: (ms) =>
      ms < 1000
        ? `${Math.round(ms)} ms`
        : ms < EXACT_BELOW_MS
          ? `${short.format(ms / 1000)}s`
          : durationText(ms),
    list: (items) => list.format(items),
  };
}

/** Letters of the SI (and `d`, which it accepts), the same in every language. */
function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m ${two(seconds % 60)}s`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours}h ${two(minutes % 60)}m` : `${Math.floor(hours / 24)}d ${two(hours % 24)}h`;
}
