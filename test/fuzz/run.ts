/** `tsx test/fuzz/run.ts [--packets N] [--seed S] [--only PACKET]`: generated packets through all that reads a network. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import type { FuzzCounts, FuzzFault } from './fuzz-packets.ts';

const OPTIONS = {
  packets: { type: 'string', default: '10000000' },
  seed: { type: 'string', default: '1' },
  /** One packet again, by its number. */
  only: { type: 'string' },
} as const;

/** Without a sign of life for so long, it hangs. */
const HANG_MS = 60_000;
const PARTS = 10;
/** Memory after the last part, compared with that after the first. */
const MAX_GROWTH = 1.1;
const CHILD = new URL('./fuzz-child.ts', import.meta.url);
const MIB = 1024 * 1024;

interface SignOfLife {
  /** Fed so far. */
  readonly packets: number;
  readonly rssBytes: number;
  readonly counts: FuzzCounts;
  readonly fault?: FuzzFault;
}

const { values } = parseArgs({ options: OPTIONS });
const seed = Number(values.seed);
const first = values.only === undefined ? 0 : Number(values.only);
const last = values.only === undefined ? Number(values.packets) - 1 : first;

async function main(): Promise<number> {
  if (![seed, first, last].every(Number.isSafeInteger) || last < first) {
    say('--packets, --seed and --only take whole numbers, and there must be at least one packet');
    return 2;
  }
  const part = Math.max(1, Math.ceil((last - first + 1) / PARTS));
  const startedMs = performance.now();
  const rssBytes: number[] = [];
  let latest: SignOfLife | undefined;
  for await (const sign of signsOfLife()) {
    if (sign === 'hangs') return hangs(latest?.packets ?? first);
    latest = sign;
    if (sign.fault !== undefined) return faulty(sign.fault);
    if (sign.packets < first + part * (rssBytes.length + 1) && sign.packets <= last) continue;
    rssBytes.push(sign.rssBytes);
    const seconds = Math.round((performance.now() - startedMs) / 1000);
    say(`${sign.packets.toLocaleString('en')} packets, ${Math.round(sign.rssBytes / MIB)} MiB, ${seconds} s`);
  }
  if (latest === undefined || latest.packets <= last) {
    say(`The reader ended after ${latest?.packets ?? 0} of ${last + 1} packets: its words are above`);
    return 1;
  }
  return conclude(latest.counts, rssBytes);
}

async function* signsOfLife(): AsyncGenerator<SignOfLife | 'hangs'> {
  const tsx = import.meta.resolve('tsx');
  const words = ['--expose-gc', '--import', tsx, CHILD.pathname, ...[seed, first, last].map(String)];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  let hung = false;
  const kill = (): void => {
    hung = true;
    child.kill('SIGKILL');
  };
  let watchdog = setTimeout(kill, HANG_MS);
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      clearTimeout(watchdog);
      watchdog = setTimeout(kill, HANG_MS);
      yield JSON.parse(line) as SignOfLife;
    }
    if (hung) yield 'hangs';
  } finally {
    clearTimeout(watchdog);
    child.kill('SIGKILL');
  }
}

function conclude(counts: FuzzCounts, rssBytes: readonly number[]): number {
  for (const [name, { taken, refused }] of Object.entries(counts))
    say(
      `  ${name.padEnd(26)} ${taken.toLocaleString('en').padStart(10)} taken, ${refused.toLocaleString('en').padStart(10)} refused`,
    );
  const growth = (rssBytes.at(-1) ?? 1) / (rssBytes[0] ?? 1);
  say(`Memory after the last part is ${growth.toFixed(3)} of that after the first; ${MAX_GROWTH} is allowed`);
  const isFlat = growth <= MAX_GROWTH;
  say(isFlat ? 'No crash, no hang, memory is flat' : 'Memory grew');
  return isFlat ? 0 : 1;
}

function faulty({ packet, target, because }: FuzzFault): number {
  say(`${target} does not bear packet ${packet} of seed ${seed}:\n${because}`);
  say(`Again: npm run fuzz -- --seed ${seed} --only ${packet}`);
  return 1;
}

function hangs(from: number): number {
  say(`No sign of life for ${HANG_MS / 1000} s: a packet from ${from} on, seed ${seed}, hangs`);
  return 1;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

process.exitCode = await main();
