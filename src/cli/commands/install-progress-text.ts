import type { z } from 'zod';
import type { InstallProgress } from '../../contract/install-log-schemas.ts';
import { printable } from '../printable.ts';
import { cutTo } from '../text-width.ts';
import type { Column } from '../table.ts';
import { bytesForm, durationForm, recentTimeForm } from '../text-forms.ts';
import { isUnderWay, type WireInstall } from './find-install.ts';

export type WireProgress = z.output<typeof InstallProgress>;
type WireStep = WireProgress['steps'][number];

/** Cells of the bar. */
const BAR_WIDTH = 24;

/** `42 %, packages: bash`. */
export function progressText({ state, step, percent, steps }: WireProgress): string {
  const doing = steps.at(-1)?.doing;
  const words = [step, doing].filter((word) => word !== undefined && word !== '').join(': ');
  const amount = percent === undefined ? [] : [`${percent} %`];
  return printable([...amount, words === '' ? state : words].join(', '));
}

/** For a terminal, which is drawn over again and again. */
export function progressBar(progress: WireProgress, columns: number): string {
  const { machine, percent = 0 } = progress;
  const filled = Math.floor((Math.min(100, percent) * BAR_WIDTH) / 100);
  const bar = `[${'#'.repeat(filled)}${'-'.repeat(BAR_WIDTH - filled)}]`;
  return cutTo(`${printable(machine)} ${bar} ${progressText(progress)}`, Math.max(0, columns - 1));
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
