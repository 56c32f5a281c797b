import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { FuzzCounts, FuzzFault } from './fuzz-packets.ts';

/** Without a sign of life for so long, it hangs. */
const HANG_MS = 60_000;
const TENTHS = 10;
const CHILD = new URL('./fuzz-child.ts', import.meta.url);

/** What the child tells now and then. */
interface SignOfLife {
  /** The number of the next packet. */
  readonly next: number;
  readonly rssBytes: number;
  readonly counts: FuzzCounts;
  readonly fault?: FuzzFault;
}

export type PartResult =
  | { readonly fault: FuzzFault }
  /** `rssGrowth`: memory after the last tenth, divided by that after the first. */
  | { readonly counts: FuzzCounts; readonly rssGrowth: number };

export interface FedPart {
  /** Fed so far. */
  readonly packets: number;
  readonly rssBytes: number;
  readonly result: Promise<PartResult>;
}

/** Feeds these packets in a process of its own, which may crash or hang. */
export function feedPart(part: {
  readonly seed: number;
  readonly first: number;
  readonly last: number;
}): FedPart {
  const state = { packets: 0, rssBytes: 0 };
  const result = feed(part, state);
  return {
    get packets() {
      return state.packets;
    },
    get rssBytes() {
      return state.rssBytes;
    },
    result,
  };
}

async function feed(
  { seed, first, last }: { readonly seed: number; readonly first: number; readonly last: number },
  state: { packets: number; rssBytes: number },
): Promise<PartResult> {
  const words = ['--expose-gc', '--import', import.meta.resolve('tsx'), CHILD.pathname];
  const child = spawn(process.execPath, [...words, ...[seed, first, last].map(String)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const watchdog = setTimeout(() => child.kill('SIGKILL'), HANG_MS);
  let [next, firstRss] = [first, 0];
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      watchdog.refresh();
      const sign = JSON.parse(line) as SignOfLife;
      if (sign.fault !== undefined) return { fault: sign.fault };
      next = sign.next;
      Object.assign(state, { packets: next - first, rssBytes: sign.rssBytes });
      if (firstRss === 0 && next - first >= (last - first + 1) / TENTHS) firstRss = sign.rssBytes;
      if (next > last) return { counts: sign.counts, rssGrowth: sign.rssBytes / firstRss };
    }
    const because = child.killed ? `there was no sign of life for ${HANG_MS / 1000} s` : 'the process ended';
    return {
      fault: { packet: next, target: 'Something', because: `${because} at this packet or soon after` },
    };
  } finally {
    clearTimeout(watchdog);
    child.kill('SIGKILL');
  }
}
