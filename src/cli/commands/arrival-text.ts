import type { z } from 'zod';
import type { Arrival } from '../../contract/image-schemas.ts';
import { printable } from '../printable.ts';
import { bar } from '../progress/bar.ts';
import { bytesForm, durationForm } from '../text-forms.ts';

export type WireArrival = z.output<typeof Arrival>;

/** One line for lists. */
export function arrivalLine(arrival: WireArrival): string {
  const { name, way, state, because } = arrival;
  if (state === 'failed')
    return `${name} does not get here: ${printable(because ?? '')} (muster image rm ${name} ends it, adding it again goes on)`;
  return `${name} is on its way (${way}): ${progressText(arrival)}`;
}

/** `34 % of 4.7 GB, 80 MB/s, 40 s left`. */
export function progressText({
  here,
  bytes,
  bytesPerSecond,
}: Pick<WireArrival, 'here' | 'bytes' | 'bytesPerSecond'>): string {
  const amount = bytes === undefined ? bytesForm(here) : `${percentOf(here, bytes)} % of ${bytesForm(bytes)}`;
  if (bytesPerSecond === undefined || bytesPerSecond === 0) return amount;
  const rate = `${amount}, ${bytesForm(bytesPerSecond)}/s`;
  if (bytes === undefined) return rate;
  return `${rate}, ${durationForm(Math.ceil((bytes - here) / bytesPerSecond))} left`;
}

/** For a terminal, which is drawn over again and again. */
export function progressBar(arrival: WireArrival): string {
  const { name, here, bytes } = arrival;
  return `${name} ${bar(bytes === undefined ? 0 : here, bytes ?? 1)} ${progressText(arrival)}`;
}

export function percentOf(here: number, bytes: number): number {
  return Math.floor((here * 100) / Math.max(1, bytes));
}
