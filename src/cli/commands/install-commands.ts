import { type Command, Option } from 'commander';
import { INSTALL_STATES, type InstallState } from '../../core/install/life.ts';
import { allPages } from '../all-pages.ts';
import type { Act, CliContext } from '../cli-context.ts';
import { wholeNumber } from '../option-values.ts';
import type { View } from '../output.ts';
import { formatTable } from '../table.ts';
import { durationForm } from '../text-forms.ts';
import { findInstall } from './find-install.ts';
import { addArming } from './install-arm-command.ts';
import { addInstallLogCommand } from './install-log-command.ts';
import { logForm, secondsLeft, stepColumns, type WireProgress } from './install-progress-text.ts';
import { INSTALLS, installsAt } from './install-view.ts';
import { addInstallWatchCommand } from './install-watch-command.ts';

const SHOWN_INSTALLS = 100;

interface ListFlags {
  readonly machine?: string;
  readonly profile?: string;
  readonly state?: InstallState;
  readonly limit?: number;
}

/**
 * `muster install MACHINE --profile P` arms one, and `install ls|show|log|watch|cancel` look after them. A machine that is
 * called like one of these words is named by its id or a MAC address.
 */
export function addInstallCommands(program: Command, act: Act): void {
  const install = addArming(program.command('install'), act);
  install
    .command('ls')
    .description('installs, newest first')
    .option('--machine <machine>', 'only those of this machine')
    .option('--profile <name>', 'only those with this profile')
    .addOption(new Option('--state <state>', 'only those in this state').choices(INSTALL_STATES))
    .option('--limit <number>', `at most this many (default: ${SHOWN_INSTALLS})`, wholeNumber)
    .action(
      act<ListFlags>(async ({ client, output, terminal }, _, { limit = SHOWN_INSTALLS, ...query }) => {
        const items = await allPages(await client(), 'listInstalls', query, limit);
        const isAny = Object.keys(query).length === 0;
        const view = installsAt(terminal.nowMs());
        await output.list(view, items, isAny ? 'No install was ever armed' : 'No install fits');
      }),
    );
  install
    .command('show')
    .argument('<id>', 'its id, or a machine: its newest install then')
    .description('one install, with the steps it took')
    .action(act(async (context, [reference = '']) => await showInstall(context, reference)));
  addInstallLogCommand(install, act);
  addInstallWatchCommand(install, act, INSTALLS);
  install
    .command('cancel')
    .argument('<id>')
    .description('cancel an install: the machine boots its own disk again')
    .action(
      act(async ({ client, output }, [id = '']) => {
        const cancelled = await (await client()).call('cancelInstall', { params: { id } });
        await output.changed(
          INSTALLS,
          cancelled,
          `Install ${id} is cancelled; ${cancelled.machine} boots its own disk`,
        );
      }),
    );
}

async function showInstall({ client, output, terminal }: CliContext, reference: string): Promise<void> {
  const api = await client();
  const { id } = await findInstall(api, reference);
  const progress = await api.call('getInstallProgress', { params: { id } });
  await output.thing(shownAt(terminal.nowMs()), progress);
  if (output.choices.format !== 'table' || progress.steps.length === 0) return;
  const shape = { width: terminal.columns, color: output.choices.color };
  output.text(`\n${formatTable(stepColumns(progress, terminal.nowMs()), progress.steps, shape)}`);
}

function shownAt(nowMs: number): Pick<View<WireProgress>, 'details' | 'nameOf'> {
  return {
    nameOf: ({ id }) => id,
    details: (progress) => {
      const left = secondsLeft(progress, nowMs);
      return [
        ...INSTALLS.details(progress),
        ...(left === undefined ? [] : ([['left', `about ${durationForm(left)}`]] as const)),
        ['log', logForm(progress)],
      ];
    },
  };
}
