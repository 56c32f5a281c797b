import type { z } from 'zod';
import type { Arrival } from '../../contract/image-schemas.ts';
import { printable } from '../printable.ts';
import { cutTo } from '../text-width.ts';
import { bytesForm, durationForm } from '../text-forms.ts';

export type WireArrival = z.output<typeof Arrival>;

/** Cells of the bar. */
const BAR_WIDTH = 24;

/** One line for lists. */
export function arrivalLine(arrival: WireArrival): string {
  const { name, way, state, because } = arrival;
  if (state === 'failed')
    return `${name} does not get here: ${printable(because ?? '')} (muster image rm ${name} ends it, adding it again goes on)`;
  return `${name} is on its way (${way}): ${progressText(arrival)}`;
}

/** `34 % of 4.7 GB, 80 MB/s, 40 s left`. */
export function progressText({ here, bytes, bytesPerSecond }: WireArrival): string {
  const amount = bytes === undefined ? bytesForm(here) : `${percentOf(here, bytes)} % of ${bytesForm(bytes)}`;
  if (bytesPerSecond === undefined || bytesPerSecond === 0) return amount;
  const rate = `${amount}, ${bytesForm(bytesPerSecond)}/s`;
  if (bytes === undefined) return rate;
  return `${rate}, ${durationForm(Math.ceil((bytes - here) / bytesPerSecond))} left`;
}

/** For a terminal, which is drawn over again and again. */
export function progressBar(arrival: WireArrival, columns: number): string {
  const { name, here, bytes } = arrival;
  const filled = bytes === undefined ? 0 : Math.floor((here * BAR_WIDTH) / Math.max(1, bytes));
  const bar = `[${'#'.repeat(filled)}${'-'.repeat(BAR_WIDTH - filled)}]`;
  return cutTo(`${name} ${bar} ${progressText(arrival)}`, Math.max(0, columns - 1));
}

export function percentOf(here: number, bytes: number): number {
  return Math.floor((here * 100) / Math.max(1, bytes));
}
