import { openSync, readdirSync, readFileSync, readSync } from 'node:fs';

/**
 * What the kernel's own threads for soft interrupts, `ksoftirqd/N`, take. They do a part of the network's work (packets that
 * come while a program runs already), and it is in no program's processor time: it is of the traffic that is measured, and
 * nothing that disturbed it. Threads of the kernel are not seen inside of a process namespace, so their files are opened
 * outside and handed in.
 */

/** Holds the descriptors, inside: `3,4`. */
export const SOFT_INTERRUPT_FILES = 'MUSTERBENCH_SOFT_INTERRUPTS';
const MAX_BYTES = 128;
const NS_PER_SECOND = 1e9;

/** Opens the times of every such thread, one for each processor; none where the kernel keeps none (CONFIG_SCHED_INFO). */
export function openSoftInterruptFiles(): readonly number[] {
  const threads = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isSoftInterruptThread(name));
  return threads.flatMap((pid) => openIfThere(`/proc/${pid}/schedstat`));
}

/** Used by all of them since the machine started, in seconds. */
export function softInterruptSeconds(): number {
  const descriptors = (process.env[SOFT_INTERRUPT_FILES] ?? '').split(',').filter(Boolean).map(Number);
  return descriptors.reduce((seconds, descriptor) => seconds + secondsOf(descriptor), 0);
}

/** The first number is the nanoseconds that it ran (Documentation/scheduler/sched-stats.rst). */
function secondsOf(descriptor: number): number {
  const bytes = Buffer.alloc(MAX_BYTES);
  const length = readSync(descriptor, bytes, 0, MAX_BYTES, 0);
  return Number(bytes.toString('latin1', 0, length).split(' ')[0]) / NS_PER_SECOND;
}

function isSoftInterruptThread(pid: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('ksoftirqd/');
  } catch {
    return false;
  }
}

function openIfThere(path: string): readonly number[] {
  try {
    return [openSync(path, 'r')];
  } catch {
    return [];
  }
}
