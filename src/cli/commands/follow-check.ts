import { setTimeout as sleep } from 'node:timers/promises';
import type { CliContext } from '../cli-context.ts';
import { bar } from '../progress/bar.ts';
import { Pace } from '../progress/pace.ts';
import { type Progress, ProgressLine } from '../progress/progress-line.ts';
import { bytesForm, durationForm } from '../text-forms.ts';

const LOOK_EVERY_MS = 500;

/** How far a check is. */
export interface Check {
  readonly done: number;
  readonly whole: number;
  readonly unit: 'bytes' | 'files' | 'percent';
}

/**
 * Shows how far a check is until it is over, or until somebody has enough: it goes on without.
 *
 * @param look undefined: it is over.
 * @returns whether it was seen to its end.
 */
export async function followCheck(
  context: Pick<CliContext, 'terminal' | 'output'>,
  name: string,
  look: () => Promise<Check | undefined>,
): Promise<boolean> {
  const { terminal } = context;
  const line = new ProgressLine(context);
  const pace = new Pace();
  for (;;) {
    const check = await look();
    if (check === undefined) break;
    pace.see(check.done, terminal.nowMs());
    line.draw(checkProgress(name, check, pace));
    await sleep(LOOK_EVERY_MS, undefined, { signal: terminal.enough }).catch(() => undefined);
    if (terminal.enough.aborted) break;
  }
  line.end();
  return !terminal.enough.aborted;
}

export function checkProgress(
  name: string,
  check: Check,
  pace: Pick<Pace, 'perSecond' | 'secondsTo'>,
): Progress {
  const { done, whole } = check;
  const percent = Math.floor((done * 100) / Math.max(1, whole));
  const secondsLeft = pace.secondsTo(whole);
  const text = [
    `${percent} %${ofWhole(check)}`,
    ...(pace.perSecond === undefined ? [] : rateOf(check, pace.perSecond)),
    ...(secondsLeft === undefined ? [] : [`${durationForm(secondsLeft)} left`]),
  ].join(', ');
  return { bar: `${name} ${bar(done, whole)} ${text}`, text: `${name}: ${text}`, percent };
}

function ofWhole({ unit, whole }: Check): string {
  if (unit === 'percent') return '';
  return unit === 'bytes' ? ` of ${bytesForm(whole)}` : ` of ${whole} files`;
}

function rateOf({ unit }: Check, perSecond: number): readonly string[] {
  if (unit === 'percent') return [];
  return unit === 'bytes' ? [`${bytesForm(perSecond)}/s`] : [`${Math.round(perSecond)} files/s`];
}
