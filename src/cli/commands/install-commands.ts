import type { Command } from 'commander';
import type { z } from 'zod';
import type { Install } from '../../contract/install-schemas.ts';
import type { Act } from '../cli-context.ts';
import { CliFailure } from '../cli-failure.ts';
import { wholeNumber } from '../option-values.ts';
import type { View } from '../output.ts';
import type { Tone } from '../table.ts';
import { timeForm } from '../text-forms.ts';

type WireInstall = z.output<typeof Install>;

/**
 * `muster install MACHINE --profile P` arms one, and `install ls|show|cancel` look after them. A machine that is
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
          `Install ${armed.id} is armed: ${armed.machine} starts the installer when it boots from the network. Follow it with: muster events -f ${armed.machine}`,
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
    .argument('<id>')
    .description('one install')
    .action(
      act(async ({ client, output }, [id = '']) => {
        await output.thing(INSTALLS, await (await client()).call('getInstall', { params: { id } }));
      }),
    );
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
