import type { Command } from 'commander';
import type { Act, CliContext } from '../cli-context.ts';
import { CliFailure } from '../cli-failure.ts';
import { wholeNumber } from '../option-values.ts';
import type { View } from '../output.ts';
import { formatTable, type Tone } from '../table.ts';
import { timeForm } from '../text-forms.ts';
import { findInstall, type WireInstall } from './find-install.ts';
import { addInstallLogCommand } from './install-log-command.ts';
import { logForm, stepColumns, type WireProgress } from './install-progress-text.ts';
import { addInstallWatchCommand } from './install-watch-command.ts';

/**
 * `muster install MACHINE --profile P` arms one, and `install ls|show|log|watch|cancel` look after them. A machine that is
 * called like one of these words is named by its id or a MAC address.
 */
export function addInstallCommands(program: Command, act: Act): void {
  const install = program
    .command('install')
    .argument('<machine>', 'its name, id or a MAC address')
    .description(
      'arm an install: the machine boots the installer the next time it boots from the network, once',
    )
    .option('--profile <name>', 'how to install it; must be said')
    .action(
      act<{ readonly profile?: string }>(async ({ client, output }, [machine = ''], { profile }) => {
        if (profile === undefined)
          throw new CliFailure(
            'usage',
            'How shall it be installed? Say it with --profile; muster profile ls shows which there are',
          );
        const armed = await (await client()).call('armInstall', { input: { machine, profile } });
        await output.changed(
          INSTALLS,
          armed,
          `Install ${armed.id} is armed: ${armed.machine} starts the installer when it boots from the network. Follow it with: muster install watch ${armed.machine}`,
        );
      }),
    );
  install
    .command('ls')
    .description('installs, newest first')
    .option('--machine <machine>', 'only those of this machine')
    .option('--limit <number>', 'at most this many', wholeNumber)
    .action(
      act<{ readonly machine?: string; readonly limit?: number }>(async ({ client, output }, _, query) => {
        const { items } = await (await client()).call('listInstalls', { query });
        await output.list(INSTALLS, items, 'No install was ever armed');
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
  await output.thing(SHOWN, progress);
  if (output.choices.format !== 'table' || progress.steps.length === 0) return;
  const shape = { width: terminal.columns, color: output.choices.color };
  output.text(`\n${formatTable(stepColumns(progress, terminal.nowMs()), progress.steps, shape)}`);
}

const TONE_OF_STATE: Readonly<Record<WireInstall['state'], Tone>> = {
  requested: 'busy',
  booting: 'busy',
  installing: 'busy',
  installed: 'good',
  failed: 'bad',
  cancelled: 'quiet',
};

function progressForm({ step, percent }: WireInstall): string {
  return [percent === undefined ? '' : `${percent} %`, step ?? ''].filter((text) => text !== '').join(' ');
}

export const INSTALLS: View<WireInstall> = {
  nameOf: ({ id }) => id,
  columns: [
    { head: 'ID', cell: ({ id }) => id },
    { head: 'MACHINE', cell: ({ machine }) => machine },
    { head: 'PROFILE', cell: ({ profile }) => profile },
    { head: 'STATE', cell: ({ state }) => state, tone: ({ state }) => TONE_OF_STATE[state] },
    { head: 'PROGRESS', cell: progressForm, gives: true },
    { head: 'CHANGED', cell: ({ changedAt }) => timeForm(changedAt) },
    { head: 'BECAUSE', cell: ({ because }) => because ?? '', gives: true },
  ],
  details: (install) => [
    ['id', install.id],
    ['machine', install.machine],
    ['profile', install.profile],
    ['state', install.state],
    ['progress', progressForm(install)],
    ['because', install.because ?? ''],
    ['armed', timeForm(install.requestedAt)],
    ['changed', timeForm(install.changedAt)],
  ],
};

const SHOWN: Pick<View<WireProgress>, 'details' | 'nameOf'> = {
  nameOf: ({ id }) => id,
  details: (progress) => [...INSTALLS.details(progress), ['log', logForm(progress)]],
};
