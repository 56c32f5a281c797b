import { setTimeout as sleep } from 'node:timers/promises';
import {
  type PlannedStep,
  planInstead,
  planPower,
  type PowerPlan,
  type PowerWish,
} from '../../core/power/plan-power.ts';
import {
  POWER_DRIVERS,
  type PowerLink,
  type PowerState,
  PowerTrouble,
} from '../../core/power/power-driver.ts';
import type { OpenPower, PowerTarget } from './power-drivers.ts';

/** How long a machine is waited for, in milliseconds. */
export interface PowerWaits {
  /** Between two looks at it. */
  readonly lookMs: number;
  /** Until it is off, before it is switched on again. */
  readonly offMs: number;
  /** Until it is as was asked, before that is told as it is. */
  readonly confirmMs: number;
}

/** Together less than a client of the API waits for its answer. */
export const POWER_WAITS: PowerWaits = { lookMs: 1000, offMs: 20_000, confirmMs: 10_000 };

export interface CarriedOut {
  readonly plan: Exclude<PowerPlan, { do: 'refuse' }>;
  /** As it was read last; absent where the driver cannot tell. */
  readonly state?: PowerState;
}

export type CarryOutResult =
  | ({ readonly done: true } & CarriedOut)
  | { readonly done: false; readonly because: string; readonly state?: PowerState };

/** Looks, decides, does it, and looks whether it came to be. @throws PowerTrouble, and SyntaxError for what no BMC says */
export async function carryOut(
  wish: PowerWish,
  target: PowerTarget,
  {
    open,
    waits,
    enough,
  }: { readonly open: OpenPower; readonly waits: PowerWaits; readonly enough: AbortSignal },
): Promise<CarryOutResult> {
  const { tellsState } = POWER_DRIVERS[target.settings.driver];
  const link = await open(target, enough);
  try {
    const before = tellsState ? await link.readState() : undefined;
    const plan = planPower(wish, { can: link.can, state: before ?? 'not told' });
    if (plan.do === 'refuse') return { done: false, because: plan.because, ...stateOf(before) };
    if (plan.do === 'nothing') return { done: true, plan, ...stateOf(before) };
    const { steps, notes } = await performAll(wish, plan.steps, link, waits, enough);
    const carried = { ...plan, steps, because: [plan.because, ...notes].join('; ') };
    if (!tellsState) return { done: true, plan: carried };
    const after =
      plan.until === undefined
        ? await link.readState()
        : await until(plan.until, link, waits.confirmMs, waits, enough);
    return { done: true, plan: carried, state: after };
  } finally {
    await link.close();
  }
}

interface Performed {
  readonly steps: readonly PlannedStep[];
  /** What was done otherwise than planned, as sentences. */
  readonly notes: readonly string[];
}

async function performAll(
  wish: PowerWish,
  planned: readonly PlannedStep[],
  link: PowerLink,
  waits: PowerWaits,
  enough: AbortSignal,
): Promise<Performed> {
  const ahead = [...planned];
  const steps: PlannedStep[] = [];
  const notes: string[] = [];
  for (let step = ahead.shift(); step !== undefined; step = ahead.shift()) {
    try {
      await performStep(step, link, waits, enough);
      steps.push(step);
    } catch (error) {
      if (!(error instanceof PowerTrouble) || error.kind !== 'unsupported') throw error;
      const instead = planInstead(wish, step, link.can);
      if (instead === undefined) throw error;
      ahead.unshift(...instead.steps);
      notes.push(`${instead.because}: ${error.message}`);
    }
  }
  return { steps, notes };
}

async function performStep(
  step: PlannedStep,
  link: PowerLink,
  waits: PowerWaits,
  enough: AbortSignal,
): Promise<void> {
  if (step !== 'wait off') return await link.perform(step);
  const state = await until('off', link, waits.offMs, waits, enough);
  // Where nobody knows it had its time to go off, and would stay off if it was not switched on.
  if (state !== 'off' && state !== 'unknown')
    throw new PowerTrouble(
      'refused',
      `it was switched off, and is ${state} after ${waits.offMs / 1000} s: it was not switched on again`,
    );
}

/** Reads until it is so, or for so long. @returns what was read last. */
async function until(
  wanted: PowerState,
  link: PowerLink,
  ms: number,
  { lookMs }: PowerWaits,
  enough: AbortSignal,
): Promise<PowerState> {
  for (let waitedMs = 0; ; waitedMs += lookMs) {
    const state = await link.readState();
    if (state === wanted || waitedMs >= ms) return state;
    await sleep(lookMs, undefined, { signal: enough });
  }
}

function stateOf(state: PowerState | undefined): { readonly state?: PowerState } {
  return state === undefined ? {} : { state };
}
