import type { PowerState, PowerStep } from './power-driver.ts';

/** What people ask for. `boot-network`: boots from the network now, whatever it does at the moment. */
export const POWER_WISHES = ['on', 'off', 'shutdown', 'cycle', 'reset', 'pxe-next', 'boot-network'] as const;
export type PowerWish = (typeof POWER_WISHES)[number];

/** `wait off`: until the machine is read as off, since a BMC refuses to switch on what is still on. */
export type PlannedStep = PowerStep | 'wait off';

export type PowerPlan =
  | {
      readonly do: 'steps';
      readonly steps: readonly PlannedStep[];
      /** The state that shows that it came to be; absent where none would. */
      readonly until?: 'on' | 'off';
      readonly because: string;
    }
  | { readonly do: 'nothing'; readonly because: string }
  | { readonly do: 'refuse'; readonly because: string };

export interface PowerSituation {
  readonly can: readonly PowerStep[];
  /** `not told`: the driver cannot tell. */
  readonly state: PowerState | 'not told';
}

/** What to do for a wish as things are. The first rule that fits wins. */
export function planPower(wish: PowerWish, { can, state }: PowerSituation): PowerPlan {
  const able = (step: PowerStep): boolean => can.includes(step);
  switch (wish) {
    case 'on':
      if (state === 'on') return { do: 'nothing', because: 'it is on already' };
      return able('on') ? steps(['on'], 'on', 'it is not on') : cannot('be switched on');
    case 'off':
    case 'shutdown':
      if (state === 'off') return { do: 'nothing', because: 'it is off already' };
      if (!able(wish)) return cannot(wish === 'off' ? 'be switched off' : 'be asked to shut down');
      // Its operating system takes minutes, or does not listen at all: nobody waits for it here.
      return wish === 'off'
        ? steps(['off'], 'off', 'it is not off')
        : steps([wish], undefined, 'it is not off');
    case 'cycle':
      return planCycle(able, state);
    case 'reset':
      if (state === 'off')
        return { do: 'refuse', because: 'it is off, and what is off cannot be reset: switch it on' };
      return able('reset') ? steps(['reset'], 'on', 'it is not off') : cannot('be reset');
    case 'pxe-next':
      return able('pxe-next')
        ? steps(['pxe-next'], undefined, 'its next boot can be chosen')
        : cannot('be told what to boot next');
    case 'boot-network':
      return planNetworkBoot(able, state);
    default:
      return wish satisfies never;
  }
}

/**
 * What is done in place of a step that the driver turns out not to have for this machine, as a program of a user's
 * may; undefined where nothing would do.
 */
export function planInstead(
  wish: PowerWish,
  step: PlannedStep,
  can: readonly PowerStep[],
): { readonly steps: readonly PlannedStep[]; readonly because: string } | undefined {
  if (step === 'cycle' && can.includes('off') && can.includes('on'))
    return { steps: OFF_AND_ON, because: NO_CYCLE };
  // Most firmware has the network first anyway, and whoever wrote a driver without it knows why.
  if (step === 'pxe-next' && wish === 'boot-network')
    return { steps: [], because: 'its firmware decides what it boots' };
  return undefined;
}

const OFF_AND_ON = ['off', 'wait off', 'on'] as const satisfies readonly PlannedStep[];
const NO_CYCLE = 'it has no power cycle of its own, so it goes off and on';

function planCycle(able: (step: PowerStep) => boolean, state: PowerSituation['state']): PowerPlan {
  // IPMI 2.0 §28.3: a cycle of what is off does nothing on many BMCs, and iLO and iDRAC refuse it.
  if (state === 'off') return able('on') ? steps(['on'], 'on', 'it is off') : cannot('be switched on');
  if (able('cycle')) return steps(['cycle'], 'on', 'it is not off');
  if (able('off') && able('on')) return steps(OFF_AND_ON, 'on', NO_CYCLE);
  return cannot('be switched off and on');
}

/** A machine that cannot be told what to boot next is only switched on: it boots what its firmware has first. */
function planNetworkBoot(able: (step: PowerStep) => boolean, state: PowerSituation['state']): PowerPlan {
  const first: readonly PlannedStep[] = able('pxe-next') ? ['pxe-next'] : [];
  const onlyOn = !able('cycle') && !able('off') && able('on');
  const then =
    onlyOn && state !== 'on'
      ? steps(['on'], undefined, 'it can only be switched on')
      : planCycle(able, state);
  if (then.do !== 'steps') return then;
  const because = able('pxe-next')
    ? then.because
    : `${then.because}, and its firmware decides what it boots: it cannot be told`;
  return { ...then, steps: [...first, ...then.steps], because };
}

function steps(list: readonly PlannedStep[], until: 'on' | 'off' | undefined, because: string): PowerPlan {
  return { do: 'steps', steps: list, ...(until === undefined ? {} : { until }), because };
}

function cannot(what: string): PowerPlan {
  return { do: 'refuse', because: `by its driver it cannot ${what}` };
}
