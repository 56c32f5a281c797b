import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';

/**
 * For a program that is busy for some seconds at a time, when a room is switched on: V8's compiler takes the longer for
 * a function the more of others it puts into it, and what it made is thrown away when any of these meets something
 * new. With these limits, in bytes of bytecode (V8's own are 460 and 920), it takes about a third less for a storm of
 * TFTP clients, and a DHCP server that was just started keeps up with more clients. And it looks sooner whether a
 * function is worth it: after so many bytes of bytecode that ran (67,584 are Node 20's own). For 32 TFTP
 * clients a server that was just started took 6, 7 and 0 % less processor time with it, in the three pairs of runs of
 * which nothing was disturbed.
 */
const ENGINE_FLAGS: readonly { readonly flag: string; readonly untilV8?: number }[] = [
  { flag: '--max-inlined-bytecode-size=100' },
  { flag: '--max-inlined-bytecode-size-cumulative=300' },
  // Gone in the engine of Node 22, which counts calls instead.
  { flag: '--interrupt-budget=20000', untilV8: 11 },
  // While all that is kept is looked through for garbage, all else takes longer (`engine-threads.ts` says how much). So
  // it becomes four times as much before that: V8 itself chooses anything from a little more up to these four times.
  { flag: '--heap-growing-percent=300' },
  // And it grows slower: of pages that were answered, V8 would put much where what is kept goes. With 10,000 machines, of
  // which a hundred a second booted, these were 3.6 MB a second, and are 2.6.
  { flag: '--no-allocation-site-pretenuring' },
];

/**
 * On the one processor there is, threads that look for garbage are in the way of the one that answers: with 10,000
 * machines, of which a hundred a second booted, nothing was answered for 0.09 to 0.15 s each ten seconds, and with this for
 * 0.07 at most. The server took 0.51 s of a second instead of 0.59, too.
 */
const ON_ONE_PROCESSOR = '--no-concurrent-marking';

/**
 * Those that this engine knows: it would say aloud of any other that it does not.
 *
 * @param v8 as `process.versions` has it.
 * @param processors that this process may use.
 */
export function engineFlags(v8: string, processors: number): readonly string[] {
  const major = Number(v8.split('.')[0]);
  const known = ENGINE_FLAGS.filter(({ untilV8 = major }) => major <= untilV8).map(({ flag }) => flag);
  return processors === 1 ? [...known, ON_ONE_PROCESSOR] : known;
}

/** For all threads of this process, and for what is compiled from here on. */
export function setEngineFlags(): void {
  for (const flag of engineFlags(process.versions.v8, availableParallelism())) setFlagsFromString(flag);
}
