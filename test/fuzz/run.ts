/** `tsx test/fuzz/run.ts [--packets N] [--seed S] [--only PACKET]`: generated packets through all that reads a network. */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { feedPart, type PartResult } from './feed-part.ts';
import type { FuzzCounts } from './fuzz-packets.ts';

const OPTIONS = {
  packets: { type: 'string', default: '10000000' },
  seed: { type: 'string', default: '1' },
  /** One packet again, by its number. */
  only: { type: 'string' },
} as const;

/** More would be no faster on the machines at hand, and each takes memory. */
const MAX_PROCESSES = 8;
/** Below this many, one process is as fast. */
const WORTH_A_PROCESS = 100_000;
/** Memory after the last tenth, compared with that after the first. */
const MAX_GROWTH = 1.1;
const MIB = 1024 * 1024;

const { values } = parseArgs({ options: OPTIONS });

async function main(): Promise<number> {
  const [seed, first] = [Number(values.seed), Number(values.only ?? 0)];
  const last = values.only === undefined ? Number(values.packets) - 1 : first;
  if (![seed, first, last].every(Number.isSafeInteger) || first < 0 || last < first) {
    say('--packets, --seed and --only take whole numbers, and there must be at least one packet');
    return 2;
  }
  const startedMs = performance.now();
  const progress = (packets: number, rssBytes: number): void => {
    const seconds = Math.round((performance.now() - startedMs) / 1000);
    say(`${packets.toLocaleString('en')} packets, ${Math.round(rssBytes / MIB)} MiB, ${seconds} s`);
  };
  const parts = partsOf(first, last).map((part) => feedPart({ seed, ...part }));
  const told = setInterval(() => {
    const packets = parts.reduce((sum, part) => sum + part.packets, 0);
    progress(packets, Math.max(...parts.map((part) => part.rssBytes)));
  }, 30_000);
  const results = await Promise.all(parts.map((part) => part.result));
  clearInterval(told);
  progress(last - first + 1, Math.max(...parts.map((part) => part.rssBytes)));
  return conclude(results, seed);
}

/** As many runs of packets as there are processors. */
function partsOf(first: number, last: number): readonly { readonly first: number; readonly last: number }[] {
  const all = last - first + 1;
  const processes = Math.min(MAX_PROCESSES, availableParallelism(), Math.ceil(all / WORTH_A_PROCESS));
  const each = Math.ceil(all / processes);
  return Array.from({ length: processes }, (_, number) => ({
    first: first + number * each,
    last: Math.min(first + (number + 1) * each - 1, last),
  }));
}

function conclude(results: readonly PartResult[], seed: number): number {
  const faults = results.flatMap((result) => ('fault' in result ? [result.fault] : []));
  for (const { packet, target, because } of faults) {
    say(`${target} does not bear packet ${packet} of seed ${seed}: ${because}`);
    say(`Again: npm run fuzz -- --seed ${seed} --only ${packet}`);
  }
  if (faults.length > 0) return 1;
  const whole = results.flatMap((result) => ('counts' in result ? [result] : []));
  for (const [name, { taken, refused }] of Object.entries(addCounts(whole.map(({ counts }) => counts)))) {
    const [some, others] = [taken, refused].map((count) => count.toLocaleString('en').padStart(10));
    say(`  ${name.padEnd(26)} ${some} taken, ${others} refused`);
  }
  const growth = Math.max(...whole.map(({ rssGrowth }) => rssGrowth));
  say(
    `Memory after the last tenth is ${growth.toFixed(3)} of that after the first; ${MAX_GROWTH} is allowed`,
  );
  say(growth <= MAX_GROWTH ? 'No crash, no hang, memory is flat' : 'Memory grew');
  return growth <= MAX_GROWTH ? 0 : 1;
}

function addCounts(all: readonly FuzzCounts[]): FuzzCounts {
  const sum: FuzzCounts = {};
  for (const [name, { taken, refused }] of all.flatMap((counts) => Object.entries(counts))) {
    const before = sum[name] ?? { taken: 0, refused: 0 };
    sum[name] = { taken: before.taken + taken, refused: before.refused + refused };
  }
  return sum;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

process.exitCode = await main();
