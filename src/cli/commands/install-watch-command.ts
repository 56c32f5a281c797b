import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Act, CliContext } from '../cli-context.ts';
import { CliFailure } from '../cli-failure.ts';
import type { View } from '../output.ts';
import { findInstall, type WireInstall } from './find-install.ts';
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
    .description('watch an install until it is over; fails where the install does')
    .action(
      act(async (context, [reference = '']) => {
        const client = await context.client();
        const { id } = await findInstall(client, reference);
        const progress = new WatchedProgress(context);
        for (;;) {
          const now = await client.call('getInstallProgress', { params: { id } });
          progress.draw(now);
          if (isOver(now)) {
            progress.end();
            return await tellEnd(context, now, view);
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

function isOver({ state }: WireInstall): boolean {
  return state === 'installed' || state === 'failed' || state === 'cancelled';
}

async function tellEnd(
  { output }: CliContext,
  install: WireInstall,
  view: Pick<View<WireInstall>, 'details' | 'nameOf'>,
): Promise<void> {
  const { id, machine, state, because } = install;
  if (state === 'installed') return await output.changed(view, install, `${machine} is installed`);
  throw new CliFailure('failed', `Install ${id} of ${machine} is ${state}: ${because ?? 'nobody knows why'}`);
}
