/**
 * The half of `npm run fuzz` that is fed: `tsx test/fuzz/fuzz-child.ts SEED FIRST LAST`. Each line of output is one JSON
 * value, written before anything else is done, so that the other half knows where it hangs.
 */
import { writeSync } from 'node:fs';
import { fuzzPackets, newCounts } from './fuzz-packets.ts';

/** Packets between two signs of life. */
const STRIDE = 10_000;

// Most errors are refusals, whose stacks nobody reads; making them would take a tenth of the time.
Error.stackTraceLimit = 4;
const [seed = 1, first = 0, last = 0] = process.argv.slice(2).map(Number);
const counts = newCounts();
for (let at = first; at <= last; at += STRIDE) {
  const end = Math.min(at + STRIDE - 1, last);
  const fault = await fuzzPackets({ seed, first: at, last: end }, counts);
  // What is garbage is not memory that is held.
  globalThis.gc?.();
  writeSync(1, `${JSON.stringify({ next: end + 1, rssBytes: process.memoryUsage.rss(), counts, fault })}\n`);
  if (fault !== undefined) break;
}
