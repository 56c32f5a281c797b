import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { softInterruptSeconds } from './soft-interrupts.ts';

/**
 * How busy the machine is with other things while something is measured. Numbers that were taken beside a compiler say
 * little, so every run tells what else went on.
 */

/** USER_HZ, the unit of /proc/stat, is 100 on every Linux that Node runs on (time(7)). */
const TICKS_PER_SECOND = 100;

interface ProcessorTimes {
  readonly busySeconds: number;
  /** What the hypervisor gave to other machines. */
  readonly stolenSeconds: number;
}

/** The first line of /proc/stat (proc(5)): user nice system idle iowait irq softirq steal … @throws SyntaxError */
export function decodeProcessorTimes(text: string): ProcessorTimes {
  const numbers = /^cpu +([\d ]+)$/m.exec(text)?.[1]?.split(' ').map(Number);
  if (numbers === undefined || numbers.length < 8)
    throw new SyntaxError('/proc/stat has no times of the processors');
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = numbers;
  return {
    busySeconds: (user + nice + system + irq + softirq) / TICKS_PER_SECOND,
    stolenSeconds: steal / TICKS_PER_SECOND,
  };
}

export class HostLoad {
  readonly #startedMs = performance.now();
  readonly #before = readTimes();
  readonly #softInterruptsBefore = softInterruptSeconds();

  /**
   * The share of all processors, from 0 to 1, that was used by anything else since this was made, the hypervisor's
   * other machines included. The kernel's threads for soft interrupts are not elsewhere.
   *
   * @param ownSeconds processor time of what was measured, and of what made its load.
   */
  elsewhere(ownSeconds: number): number {
    const now = readTimes();
    const seconds = (performance.now() - this.#startedMs) / 1000;
    const softInterrupts = softInterruptSeconds() - this.#softInterruptsBefore;
    const busy = now.busySeconds - this.#before.busySeconds - ownSeconds - softInterrupts;
    const stolen = now.stolenSeconds - this.#before.stolenSeconds;
    return Math.min(1, Math.max(0, (busy + stolen) / (seconds * availableParallelism())));
  }
}

/** What the hypervisor gave to other machines since this was made, though there was work here: a program stands still. */
export class StolenTime {
  readonly #startedMs = performance.now();
  readonly #before = readTimes();

  /** The share of all processors, from 0 to 1. */
  get share(): number {
    const seconds = (performance.now() - this.#startedMs) / 1000;
    return stolenShare(this.#before, readTimes(), seconds * availableParallelism());
  }
}

/** @param seconds of all processors together between the two. @returns from 0 to 1. */
export function stolenShare(before: ProcessorTimes, after: ProcessorTimes, seconds: number): number {
  return Math.min(1, (after.stolenSeconds - before.stolenSeconds) / seconds);
}

function readTimes(): ProcessorTimes {
  return decodeProcessorTimes(readFileSync('/proc/stat', 'utf8'));
}
