import type { ItemOf } from '../../data/client.ts';

type Wave = ItemOf<'listWaves'>;
type Counts = Wave['counts'];

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

/**
 * What a machine of this wave waits for that has no turn yet: that the wave goes on, that another one ends, that
 * somebody switches it on; undefined where it is about to begin, or where its own reason says more.
 */
export function waitsForOf({
  state,
  counts,
  budget,
  power,
}: Pick<Wave, 'state' | 'counts' | 'budget' | 'power'>): 'resume' | 'turn' | 'power' | undefined {
  if (state === 'paused') return 'resume';
  if (state !== 'running') return undefined;
  if (counts.started >= budget.machines) return 'turn';
  return power === 'none' ? 'power' : undefined;
}

/** Megabytes a second as people say it, in bytes. Nothing, and what is no number: no limit. */
export function bytesOf(megabytes: string): number | undefined {
  const value = Number(megabytes.replace(',', '.'));
  return Number.isFinite(value) && value > 0 ? Math.round(value * 1_000_000) : undefined;
}
