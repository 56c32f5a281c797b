import type { z } from 'zod';
import type { Wave } from '../../contract/wave-schemas.ts';
import { bar } from '../progress/bar.ts';
import { countForm, durationForm } from '../text-forms.ts';

type WireWave = Pick<z.output<typeof Wave>, 'state' | 'counts' | 'createdAt' | 'estimatedEndAt'>;

const HOUR_MS = 3_600_000;

/** `[########----------------] 3 of 9 machines (33 %), 6 an hour, 1 h 0 min left`. */
export function waveProgress({ state, counts, createdAt, estimatedEndAt }: WireWave, nowMs: number): string {
  const over = counts.installed + counts.failed + counts.cancelled;
  const all = over + counts.started + counts.waiting;
  const percent = Math.floor((over * 100) / Math.max(1, all));
  const amount = `${bar(over, all)} ${over} of ${countForm(all, 'machine')} (${percent} %)`;
  if (state !== 'running') return amount;
  const perHour = ((counts.installed + counts.failed) * HOUR_MS) / Math.max(1, nowMs - Date.parse(createdAt));
  return [
    amount,
    ...(perHour < 0.5 ? [] : [`${Math.round(perHour)} an hour`]),
    ...(estimatedEndAt === undefined ? [] : [leftForm(Date.parse(estimatedEndAt) - nowMs)]),
  ].join(', ');
}

function leftForm(leftMs: number): string {
  return `${durationForm(Math.max(0, Math.round(leftMs / 1000)))} left`;
}
