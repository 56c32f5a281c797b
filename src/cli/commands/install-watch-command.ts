import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Act, CliContext } from '../cli-context.ts';
import { CliFailure } from '../cli-failure.ts';
import type { View } from '../output.ts';
import { printable } from '../printable.ts';
import { findInstall, isUnderWay, nextTryOf, type WireInstall } from './find-install.ts';
import { progressBar, progressText, type WireProgress } from './install-progress-text.ts';

const LOOK_EVERY_MS = 500;
/** Back to the beginning of the line, which is emptied (ECMA-48 EL). */
const OVER_AGAIN = '\r\x1b[K';

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
        const progress = new WatchedProgress(context);
        for (;;) {
          const now = await client.call('getInstallProgress', { params: { id } });
          progress.draw(now);
          if (!isUnderWay(now)) {
            progress.end();
            const next = now.state === 'failed' ? await nextTryOf(client, now) : undefined;
            if (next === undefined) return await tellEnd(context, now, view);
            context.output.talk(`${endOf(now)}. Try ${next.attempt} of ${next.attempts} follows: ${next.id}`);
            ({ id } = next);
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

/** A bar on a terminal; elsewhere a line whenever something else is to be said. */
class WatchedProgress {
  readonly #context: CliContext;
  #told = '';

  constructor(context: CliContext) {
    this.#context = context;
  }

  draw(progress: WireProgress): void {
    const { terminal, output } = this.#context;
    if (output.choices.quiet) return;
    if (terminal.outIsTerminal) {
      terminal.err(`${OVER_AGAIN}${progressBar(progress, terminal.columns ?? 80)}`);
      return;
    }
    const text = `${progress.machine}: ${progressText(progress)}`;
    if (text !== this.#told) output.talk(text);
    this.#told = text;
  }

  end(): void {
    const { terminal, output } = this.#context;
    if (terminal.outIsTerminal && !output.choices.quiet) terminal.err('\n');
  }
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
