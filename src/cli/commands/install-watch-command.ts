import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Act, CliContext } from '../cli-context.ts';
import { CliFailure } from '../cli-failure.ts';
import type { View } from '../output.ts';
import { printable } from '../printable.ts';
import { Pace } from '../progress/pace.ts';
import { type Progress, ProgressLine } from '../progress/progress-line.ts';
import { findInstall, isUnderWay, nextTryOf, type WireInstall } from './find-install.ts';
import { progressBar, progressText, type WireProgress } from './install-progress-text.ts';

const LOOK_EVERY_MS = 500;

export function addInstallWatchCommand(
  install: Command,
  act: Act,
  view: Pick<View<WireInstall>, 'details' | 'nameOf'>,
): void {
  install
    .command('watch')
    .argument('<id>', 'the id of an install, or a machine: its newest install then')
    .description(
      'watch an install, and the tries that follow where it fails, until it is over; fails where the last one does',
    )
    .action(
      act(async (context, [reference = '']) => {
        const client = await context.client();
        let { id } = await findInstall(client, reference);
        const progress = new ProgressLine(context, 'every change');
        let pace = new Pace();
        for (;;) {
          const now = await client.call('getInstallProgress', { params: { id } });
          progress.draw(look(now, pace, context.terminal.nowMs()));
          if (!isUnderWay(now)) {
            progress.end();
            const next = now.state === 'failed' ? await nextTryOf(client, now) : undefined;
            if (next === undefined) return await tellEnd(context, now, view);
            context.output.talk(`${endOf(now)}. Try ${next.attempt} of ${next.attempts} follows: ${next.id}`);
            ({ id } = next);
            pace = new Pace();
          }
          await sleep(LOOK_EVERY_MS, undefined, { signal: context.terminal.enough }).catch(() => undefined);
          if (!context.terminal.enough.aborted) continue;
          progress.end();
          context.output.talk(`Install ${id} goes on without you: muster install show ${id}`);
          return;
        }
      }),
    );
}

/** How far it is, and how long the rest takes if it goes on as it did. */
function look(progress: WireProgress, pace: Pace, nowMs: number): Progress {
  const { machine, percent } = progress;
  if (percent !== undefined) pace.see(percent, nowMs);
  const secondsLeft = pace.secondsTo(100);
  // The time that is left changes all the time, and would be news to nobody.
  const text = printable(`${machine}: ${progressText(progress, undefined)}`);
  return { bar: progressBar(progress, secondsLeft), text, ...(percent === undefined ? {} : { percent }) };
}

async function tellEnd(
  { output }: CliContext,
  install: WireInstall,
  view: Pick<View<WireInstall>, 'details' | 'nameOf'>,
): Promise<void> {
  if (install.state === 'installed')
    return await output.changed(view, install, `${install.machine} is installed`);
  throw new CliFailure('failed', endOf(install));
}

function endOf({ id, machine, state, because }: WireInstall): string {
  return printable(`Install ${id} of ${machine} is ${state}: ${because ?? 'nobody knows why'}`);
}
