import type { Command } from 'commander';
import type { Act } from '../cli-context.ts';
import { wholeNumber } from '../option-values.ts';
import { addArming } from './install-arm-command.ts';
import { INSTALLS } from './install-view.ts';

/**
 * `muster install MACHINE --profile P` arms one, and `install ls|show|cancel` look after them. A machine that is
 * called like one of these words is named by its id or a MAC address.
 */
export function addInstallCommands(program: Command, act: Act): void {
  const install = addArming(program.command('install'), act);
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
