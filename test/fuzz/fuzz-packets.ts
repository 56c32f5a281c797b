import { SeededRandom } from '../../bench/seeded-random.ts';
import { DecodeError } from '../../src/lib/decode-error.ts';
import { DISC_TARGETS } from './disc-targets.ts';
import { type FuzzTarget, TARGETS } from './targets.ts';

/** One packet may take this long, whatever it holds. */
export const PACKET_LIMIT_MS = 2000;

export interface FuzzFault {
  /** With the seed it makes the same packet again. */
  readonly packet: number;
  readonly target: string;
  readonly because: string;
}

export type FuzzCounts = Record<string, { taken: number; refused: number }>;

type Row = readonly [string, FuzzTarget];
const ROWS: readonly Row[] = Object.entries(TARGETS);
/** A whole disc is one packet in so many: it takes a hundred times as long. */
export const DISC_EVERY = 500;
const DISC_ROWS: readonly Row[] = Object.entries(DISC_TARGETS);

function rowOf(packet: number): Row | undefined {
  if (packet % DISC_EVERY === 0) return DISC_ROWS[(packet / DISC_EVERY) % DISC_ROWS.length];
  return ROWS[packet % ROWS.length];
}

export function newCounts(): FuzzCounts {
  return Object.fromEntries([...ROWS, ...DISC_ROWS].map(([name]) => [name, { taken: 0, refused: 0 }]));
}

/** Feeds the packets from `first` to `last`, both counted, to one target after the other; the first fault ends it. */
export async function fuzzPackets(
  { seed, first, last }: { readonly seed: number; readonly first: number; readonly last: number },
  counts: FuzzCounts,
): Promise<FuzzFault | undefined> {
  for (let packet = first; packet <= last; packet += 1) {
    const [target = '', feed] = rowOf(packet) ?? [];
    if (feed === undefined) continue;
    const again = (): SeededRandom => new SeededRandom(Math.imul(seed, 0x9e3779b1) + packet);
    const startedMs = performance.now();
    const because =
      (await outcome(feed, again(), counts[target])) ??
      (await whySlow(feed, again, performance.now() - startedMs));
    if (because !== undefined) return { packet, target, because };
  }
  return undefined;
}

/** Slow is what takes long twice: the first time, the machine may have done something else. */
async function whySlow(
  feed: FuzzTarget,
  again: () => SeededRandom,
  tookMs: number,
): Promise<string | undefined> {
  if (tookMs <= PACKET_LIMIT_MS) return undefined;
  const startedMs = performance.now();
  await outcome(feed, again(), undefined);
  const secondMs = performance.now() - startedMs;
  return secondMs > PACKET_LIMIT_MS ? `it took ${Math.round(secondMs)} ms` : undefined;
}

/** Why it is a fault, or undefined. */
async function outcome(
  feed: FuzzTarget,
  random: SeededRandom,
  count: FuzzCounts[string] | undefined,
): Promise<string | undefined> {
  try {
    await feed(random);
    if (count) count.taken += 1;
    return undefined;
  } catch (error) {
    if (!(error instanceof DecodeError || error instanceof SyntaxError || isOwnRangeError(error)))
      return error instanceof Error ? (error.stack ?? error.message) : String(error);
    if (count) count.refused += 1;
    return undefined;
  }
}

/** V8 throws a RangeError too when a stack or a string grows without a limit, and that is no refusal. */
function isOwnRangeError(error: unknown): boolean {
  return (
    error instanceof RangeError && !/call stack|string length|array length|allocation/i.test(error.message)
  );
}
