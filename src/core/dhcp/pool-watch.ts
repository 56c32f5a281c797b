import type { PoolCount } from '../network/lease-pool.ts';

/** How a subnet's ranges stand. */
export type PoolState = 'enough' | 'nearly full' | 'full';

/** From this share on, ranges are nearly full; below the other one they have enough again. */
const NEARLY_FULL = 0.9;
const ENOUGH_AGAIN = 0.8;
/** The same subnet is told of once in this time at most, however its leases come and go; but for `full`. */
export const TELL_AGAIN_AFTER_MS = 60_000;
/** Subnets watched at most: more have no place in a timeline. */
const MAX_SUBNETS = 10_000;

interface Watched {
  state: PoolState;
  toldAtMs: number;
}

/** Tells when the ranges of a subnet run low, are full, and have enough again: each change once. Time is handed in. */
export class PoolWatch {
  readonly #watched = new Map<string, Watched>();

  /** The state, where it is another than was told last, and it is time to tell it. */
  look(subnet: string, count: PoolCount, nowMs: number): PoolState | undefined {
    const known = this.#watched.get(subnet);
    const state = stateOf(count, known?.state ?? 'enough');
    if (state === (known?.state ?? 'enough')) return undefined;
    if (known && state !== 'full' && Math.abs(nowMs - known.toldAtMs) < TELL_AGAIN_AFTER_MS) return undefined;
    if (!known && this.#watched.size >= MAX_SUBNETS) return undefined;
    this.#watched.set(subnet, { state, toldAtMs: nowMs });
    return state;
  }
}

function stateOf({ size, used }: PoolCount, before: PoolState): PoolState {
  // Without ranges there is nothing that could run low.
  if (size === 0) return 'enough';
  if (used >= size) return 'full';
  if (used >= size * NEARLY_FULL) return 'nearly full';
  return before !== 'enough' && used >= size * ENOUGH_AGAIN ? before : 'enough';
}
