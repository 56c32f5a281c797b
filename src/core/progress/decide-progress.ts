import { orderOf, percentAt, readStep, STEPS } from './steps.ts';

/** Fewer points of percent than this within one step are no event of the timeline. */
export const LEAST_POINTS = 5;

/**
 * From here on an installer has written its boot loader: the disk probably boots, and to install once more would be the
 * reinstall loop that everybody knows. That it comes here is always news, since what is not news is not written down.
 */
export const DISK_MAY_BOOT_PERCENT = STEPS.configuration.from;

/** How far an install is known to be. */
export interface KnownProgress {
  readonly step?: string | undefined;
  /** 0 to 100. */
  readonly percent?: number | undefined;
}

export type ProgressDecision =
  | { readonly tell: true; readonly step?: string; readonly percent?: number }
  /** The percent is how far it is all the same. */
  | { readonly tell: false; readonly because: string; readonly percent?: number };

/**
 * Whether what the installer says is news, and how far the install is then. It never goes back: what is said of an
 * earlier step, as of lines of a log that come late, changes nothing.
 */
export function decideProgress(known: KnownProgress, said: KnownProgress): ProgressDecision {
  const knownStep = known.step === undefined ? undefined : readStep(known.step).name;
  const saidStep = said.step === undefined ? undefined : readStep(said.step).name;
  if (knownStep !== undefined && saidStep !== undefined && orderOf(saidStep) < orderOf(knownStep))
    return {
      tell: false,
      because: `"${saidStep}" comes before "${knownStep}", which the install has reached`,
    };
  const step = saidStep ?? said.step;
  const isNewStep = step !== undefined && step !== (knownStep ?? known.step);
  const percent = furthest(known.percent, said.percent ?? (saidStep && percentAt(saidStep)));
  const points = (percent ?? 0) - (known.percent ?? 0);
  const comesTo = (goal: number): boolean =>
    points > 0 && (known.percent ?? 0) < goal && (percent ?? 0) >= goal;
  // An installer of one's own may say no more than that it goes on.
  const saysNeither = said.step === undefined && said.percent === undefined;
  if (isNewStep || saysNeither || points >= LEAST_POINTS || [DISK_MAY_BOOT_PERCENT, 100].some(comesTo))
    return {
      tell: true,
      ...(step === undefined ? {} : { step }),
      ...(percent === undefined ? {} : { percent }),
    };
  return {
    tell: false,
    ...(percent === undefined ? {} : { percent }),
    because: `it is the same step, and less than ${LEAST_POINTS} points of percent more`,
  };
}

function furthest(known: number | undefined, said: number | undefined): number | undefined {
  if (said === undefined) return known;
  return Math.max(known ?? 0, Math.min(100, Math.max(0, Math.round(said))));
}
