import type { PowerStep } from '../power-driver.ts';

/**
 * What `ComputerSystem.Reset` is told for each step, the best first (DSP8010, Resource.ResetType). Never
 * GracefulRestart: iDRAC 8 did a hard reset for it (dell/iDRAC-Redfish-Scripting#29), and who wants one asks for it.
 */
const RESET_TYPES = {
  on: ['On', 'ForceOn'],
  off: ['ForceOff'],
  shutdown: ['GracefulShutdown'],
  cycle: ['PowerCycle'],
  reset: ['ForceRestart', 'PowerCycle'],
} as const satisfies Readonly<Record<Exclude<PowerStep, 'pxe-next'>, readonly string[]>>;

/** Those every service had when the values did not have to be said (DSP8010 2016.1). */
const ASSUMED = ['On', 'ForceOff', 'GracefulShutdown', 'ForceRestart'];

export function resetTypeFor(
  step: Exclude<PowerStep, 'pxe-next'>,
  allowable: readonly string[] = ASSUMED,
): string | undefined {
  return RESET_TYPES[step].find((type) => allowable.includes(type));
}

export function stepsByReset(allowable: readonly string[] | undefined): readonly PowerStep[] {
  return (['on', 'off', 'shutdown', 'cycle', 'reset'] as const).filter(
    (step) => resetTypeFor(step, allowable) !== undefined,
  );
}
