import type { z } from 'zod';
import type { InstallProgress } from '../../contract/install-log-schemas.ts';
import { printable } from '../printable.ts';
import { bar } from '../progress/bar.ts';
import type { Column } from '../table.ts';
import { bytesForm, durationForm, recentTimeForm } from '../text-forms.ts';
import { isUnderWay, type WireInstall } from './find-install.ts';

export type WireProgress = z.output<typeof InstallProgress>;
type WireStep = WireProgress['steps'][number];

/** `42 %, packages: bash, 3 min 5 s left`. */
export function progressText(
  { state, step, percent, steps }: WireProgress,
  secondsLeft: number | undefined,
): string {
  const doing = steps.at(-1)?.doing;
  const words = [step, doing].filter((word) => word !== undefined && word !== '').join(': ');
  const amount = percent === undefined ? [] : [`${percent} %`];
  const left = secondsLeft === undefined ? [] : [`${durationForm(secondsLeft)} left`];
  return printable([...amount, words === '' ? state : words, ...left].join(', '));
}

/** Before so much is done, nobody can say how long the rest takes. */
const MEASURED_PERCENT = 5;

/** How long the rest takes if it goes on as it did until it was told last. */
export function secondsLeft(progress: WireProgress, nowMs: number): number | undefined {
  const { percent = 0, steps, changedAt } = progress;
  const [first] = steps;
  if (!first || !isUnderWay(progress) || percent < MEASURED_PERCENT || percent >= 100) return undefined;
  const toldMs = Date.parse(changedAt);
  const wholeMs = ((toldMs - Date.parse(first.startedAt)) * (100 - percent)) / percent;
  return wholeMs <= 0 ? undefined : Math.max(0, Math.round((wholeMs - (nowMs - toldMs)) / 1000));
}

/** For a terminal, which is drawn over again and again. */
export function progressBar(progress: WireProgress, secondsLeft: number | undefined): string {
  const { machine, percent = 0 } = progress;
  return `${printable(machine)} ${bar(percent, 100)} ${progressText(progress, secondsLeft)}`;
}

/** The steps of `muster install show`, with their times. */
export function stepColumns(install: WireInstall, nowMs: number): readonly Column<WireStep>[] {
  return [
    { head: 'STEP', cell: ({ step }) => step },
    { head: 'BEGAN', cell: ({ startedAt }) => recentTimeForm(startedAt, nowMs) },
    { head: 'TOOK', cell: (step) => tookForm(step, install, nowMs) },
    { head: 'PERCENT', cell: ({ percent }) => (percent === undefined ? '' : `${percent} %`) },
    { head: 'DOING', cell: ({ doing }) => doing ?? '', gives: 'cut' },
  ];
}

function tookForm({ startedAt, endedAt }: WireStep, install: WireInstall, nowMs: number): string {
  if (endedAt === undefined && !isUnderWay(install)) return '';
  const endMs = endedAt === undefined ? nowMs : Date.parse(endedAt);
  const took = durationForm(Math.max(0, Math.round((endMs - Date.parse(startedAt)) / 1000)));
  return endedAt === undefined ? `${took} so far` : took;
}

export function logForm({ id, logBytes }: WireProgress): string {
  return logBytes === 0 ? 'none' : `${bytesForm(logBytes)}: muster install log ${id}`;
}
