import { opendirSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';

/** How much lower, as setpriority(2) counts: of a processor for which others wait they get a tenth (sched(7)). */
const STEPS_LOWER = 10;
/** None is lower. */
const LOWEST = 19;
/** V8's timer and its four workers, which Node starts before all others (seen of Node 20, 22 and 24). */
const FIRST_THREADS = 5;

/**
 * Lets the threads that compile and look for garbage wait for those that answer. Of two processors, the four of them took
 * half while all that is kept was looked through, and the main thread had 4 to 10 ms in 20: with 10,000 machines, of which
 * a hundred a second booted, the slowest answer took 0.07 to 0.2 s in four runs, and in two with this 0.05 and 0.07.
 *
 * Where it is forbidden (a filter of system calls), all is as it was.
 */
export function lowerEngineThreads(): void {
  const niceness = Math.min(LOWEST, getPriority() + STEPS_LOWER);
  for (const thread of threadsAsStarted().slice(1, 1 + FIRST_THREADS)) {
    try {
      // Of a thread in spite of its name: Linux keeps a niceness for each (setpriority(2), "C library/kernel differences").
      setPriority(thread, niceness);
    } catch {
      return;
    }
  }
}

/** The main thread first. Nothing sorts them by number, which begins again from below at some point (proc(5), pid_max). */
function threadsAsStarted(): readonly number[] {
  const threads: number[] = [];
  const folder = opendirSync('/proc/self/task');
  try {
    for (let thread = folder.readSync(); thread; thread = folder.readSync())
      threads.push(Number(thread.name));
  } finally {
    folder.closeSync();
  }
  return threads;
}
