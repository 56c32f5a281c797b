import { ANSWER_VARIABLES } from '../core/answers/variables.ts';
/** Forms that several tables share. */

const two = (number: number): string => String(number).padStart(2, '0');

/** Local time: `2026-11-23 13:24:05`. */
export function timeForm(time: string): string {
  const at = new Date(time);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${clockForm(at)}`;
}

/** `11-23 13:24`, where there is no room for more. */
export function shortTimeForm(time: string): string {
  return timeForm(time).slice(5, 16);
}

/** As `timeForm`, without the day if it is today's. */
export function recentTimeForm(time: string, nowMs: number): string {
  const whole = timeForm(time);
  const today = timeForm(new Date(nowMs).toISOString()).slice(0, 10);
  return whole.startsWith(today) ? whole.slice(11) : whole;
}

function clockForm(at: Date): string {
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** RFC 2131 §3.3. */
const FOR_EVER_SECONDS = 0xffff_ffff;

/** `6h`, `90m`, `45s`: the largest unit that leaves nothing over. */
export function secondsForm(seconds: number): string {
  if (seconds === FOR_EVER_SECONDS) return 'infinite';
  for (const [unit, length] of [
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
  ] as const) {
    if (seconds > 0 && seconds % length === 0) return `${seconds / length}${unit}`;
  }
  return `${seconds}s`;
}

/** A port, as it is written after `--port`. */
export function portForm(port: { readonly circuitId: string; readonly remoteId?: string }): string {
  return port.remoteId === undefined ? port.circuitId : `${port.circuitId}@${port.remoteId}`;
}

const SECRETS = new Set(ANSWER_VARIABLES.filter(({ secret }) => secret).map(({ name }) => name));

/** Of hashes only that they are there: a table is what people show to others. */
export function variablesForm(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${SECRETS.has(name) ? '(hidden; -o json shows it)' : value}`)
    .join('\n');
}

/** `1 machine`, `2 machines`. */
export function countForm(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** `4.7 GB`, `80 MB`, `512 B`: in steps of 1000, as the makers of disks count. */
export function bytesForm(bytes: number): string {
  let amount = bytes;
  let unit = 0;
  while (amount >= 999.5 && unit < BYTE_UNITS.length - 1) {
    amount /= 1000;
    unit += 1;
  }
  return `${Number(amount.toFixed(amount < 9.95 ? 1 : 0))} ${BYTE_UNITS[unit] ?? ''}`;
}

/** `40 s`, `2 min 5 s`, `2 h 14 min`. */
export function durationForm(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}
