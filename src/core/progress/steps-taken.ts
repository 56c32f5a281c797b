import type { TimelineEvent } from '../events/timeline-event.ts';
import { orderOf, readStep, type StepName } from './steps.ts';

/** A step that an install went through, or is at. */
export interface StepTaken {
  /** One of `STEPS`, or the installer's own word. */
  readonly step: string;
  readonly startedAtMs: number;
  /** When the next one began; absent while it is the last. */
  readonly endedAtMs?: number;
  /** The most that was told in it. */
  readonly percent?: number;
  /** The last that was told of it. */
  readonly doing?: string;
}

type StepEvent = Pick<TimelineEvent, 'atMs' | 'kind' | 'data' | 'because'>;

/** Steps that show in what Muster itself does, before the installer can say anything. */
const SHOWN_BY: Readonly<Partial<Record<TimelineEvent['kind'], StepName>>> = {
  'install.bootOffered': 'loader',
  'install.answerServed': 'answer file',
  'install.finished': 'installed',
};

/**
 * The steps of one install, of its events in their order.
 *
 * @param kernelFiles how the doors call the kernel of its image.
 */
export function stepsTaken(
  events: readonly StepEvent[],
  kernelFiles: readonly string[],
): readonly StepTaken[] {
  const steps: StepTaken[] = [];
  for (const event of events) {
    const shown = shownStep(event, kernelFiles);
    const last = steps.at(-1);
    if (shown === undefined || isBehind(shown, last)) continue;
    if (last?.step === shown.step) steps[steps.length - 1] = { ...last, ...detailsOf(event, shown.rest) };
    else {
      if (last) steps[steps.length - 1] = { ...last, endedAtMs: event.atMs };
      steps.push({ step: shown.step, startedAtMs: event.atMs, ...detailsOf(event, shown.rest) });
    }
  }
  return steps;
}

/** An installer that reads the whole tree reads the kernel's file, too. */
function isBehind({ step }: { readonly step: string }, last: StepTaken | undefined): boolean {
  const name = last === undefined ? undefined : readStep(last.step).name;
  return step === 'kernel' && name !== undefined && orderOf(name) > orderOf('kernel');
}

function shownStep(
  { kind, data }: StepEvent,
  kernelFiles: readonly string[],
): { readonly step: string; readonly rest: string } | undefined {
  const own = SHOWN_BY[kind];
  if (own !== undefined) return { step: own, rest: '' };
  const file = data?.['file'];
  if (/^(?:tftp|http)\.sent$/.test(kind) && typeof file === 'string' && kernelFiles.includes(file))
    return { step: 'kernel', rest: '' };
  const said = data?.['step'];
  if (typeof said !== 'string' || said === '' || !/^install\.(?:started|progressed|failed)$/.test(kind))
    return undefined;
  const { name, rest } = readStep(said);
  return name === undefined ? { step: said, rest: '' } : { step: name, rest };
}

function detailsOf({ data, because }: StepEvent, rest: string): Pick<StepTaken, 'percent' | 'doing'> {
  const percent = data?.['percent'];
  const said = data?.['doing'];
  const doing = because ?? (typeof said === 'string' && said !== '' ? said : rest);
  return { ...(typeof percent === 'number' ? { percent } : {}), ...(doing === '' ? {} : { doing }) };
}
