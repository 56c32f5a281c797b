import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { FuzzCounts, FuzzFault } from './fuzz-packets.ts';

/**
 * Processor time without a sign of life after which it hangs. Not time of the clock: on a busy machine a process may
 * wait for a minute before it is let run.
 */
const HANG_SECONDS = 30;
const WATCH_MS = 5000;
/** USER_HZ, the unit of /proc/PID/stat (time(7)). */
const TICKS_PER_SECOND = 100;
const TENTHS = 10;
/**
 * V8's space for young objects has its full size from the start. Else it doubles at some time, after half a million
 * packets or so, and looks like memory that is not given back.
 */
const WHOLE_AT_ONCE = ['--min-semi-space-size=16', '--max-semi-space-size=16'];
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
  const words = [...WHOLE_AT_ONCE, '--expose-gc', '--import', import.meta.resolve('tsx'), CHILD.pathname];
  const child = spawn(process.execPath, [...words, ...[seed, first, last].map(String)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let [next, firstRss, usedSeconds] = [first, 0, 0];
  const watchdog = setInterval(() => {
    if (cpuSecondsOf(child.pid) - usedSeconds > HANG_SECONDS) child.kill('SIGKILL');
  }, WATCH_MS);
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      usedSeconds = cpuSecondsOf(child.pid);
      const sign = JSON.parse(line) as SignOfLife;
      if (sign.fault !== undefined) return { fault: sign.fault };
      next = sign.next;
      Object.assign(state, { packets: next - first, rssBytes: sign.rssBytes });
      if (firstRss === 0 && next - first >= (last - first + 1) / TENTHS) firstRss = sign.rssBytes;
      if (next > last) return { counts: sign.counts, rssGrowth: sign.rssBytes / firstRss };
    }
    const because = child.killed
      ? `there was no sign of life for ${HANG_SECONDS} s of processor time`
      : 'the process ended';
    return {
      fault: { packet: next, target: 'Something', because: `${because} at this packet or soon after` },
    };
  } finally {
    clearInterval(watchdog);
    child.kill('SIGKILL');
  }
}

/** What a process has used, in seconds; 0 when it is gone. */
function cpuSecondsOf(pid: number | undefined): number {
  try {
    // proc(5): the name in parentheses may hold spaces; utime and stime are fields 14 and 15.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  } catch {
    return 0;
  }
}
