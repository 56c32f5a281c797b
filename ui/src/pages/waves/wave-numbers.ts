import type { ItemOf } from '../../data/client.ts';

type Counts = ItemOf<'listWaves'>['counts'];

export const COUNTED = ['installed', 'started', 'waiting', 'failed', 'cancelled'] as const;

export function allOf(counts: Counts): number {
  return COUNTED.reduce((sum, state) => sum + counts[state], 0);
}

/** How much is over, whichever way; 0 to 100. */
export function percentOver({ installed, failed, cancelled, ...rest }: Counts): number {
  const over = installed + failed + cancelled;
  const all = over + rest.started + rest.waiting;
  return all === 0 ? 0 : (over / all) * 100;
}

/** Megabytes a second as people say it, in bytes. Nothing, and what is no number: no limit. */
export function bytesOf(megabytes: string): number | undefined {
  const value = Number(megabytes.replace(',', '.'));
  return Number.isFinite(value) && value > 0 ? Math.round(value * 1_000_000) : undefined;
}
