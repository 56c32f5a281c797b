import { type Command, Option } from 'commander';
import type { z } from 'zod';
import type { LoaderFinding, Status } from '../../contract/server-schemas.ts';
import type { Act } from '../cli-context.ts';
import { explanationText } from '../explanation-text.ts';
import { LOADER_CPUS, type LoadersOptions } from '../local-commands.ts';
import type { View } from '../output.ts';
import { timeForm } from '../text-forms.ts';

type WireLoader = z.output<typeof LoaderFinding>;
type WireStatus = z.output<typeof Status>;

/** What a machine would boot, which loaders there are, how the server is. */
export function addServerCommands(program: Command, act: Act): void {
  program
    .command('explain')
    .argument('<machine>', 'its name, id or a MAC address, known or not')
    .description('what a machine would boot now, and because')
    .action(
      act(async ({ client, output, terminal }, [machine = '']) => {
        const explanation = await (await client()).call('explainMachine', { params: { machine } });
        const { format, color } = output.choices;
        if (format === 'table') output.text(explanationText(machine, explanation, terminal.nowMs(), color));
        else await output.data(explanation, [explanation.machine?.name ?? machine]);
      }),
    );
  const loaders = program.command('loaders').description('the boot loaders, and where each was found');
  loaders
    .command('ls', { isDefault: true })
    .description('which there are')
    .action(
      act(async ({ client, output }) => {
        const { items } = await (await client()).call('listLoaders', {});
        await output.list(LOADERS, items, 'Muster knows of no loader');
        const advice = new Set(items.filter(({ needed }) => needed).flatMap((loader) => loader.advice ?? []));
        for (const sentence of advice) output.talk(sentence);
      }),
    );
  loaders
    .command('install')
    .description('take them out of the packages that hold them, on this computer')
    .addOption(
      new Option('--cpu <cpu>', 'for machines with this processor').choices(LOADER_CPUS).default('x64'),
    )
    .action(
      act(async (context, _, { cpu }: LoadersOptions) => {
        context.endWith(await context.local.loadersInstall({ ...context.talk, cpu }));
      }),
    );
  program
    .command('status')
    .description('how the server is: interfaces, ports, numbers')
    .action(
      act(async ({ client, output }) => {
        await output.thing(STATUS, await (await client()).call('getStatus', {}));
      }),
    );
}

const LOADERS: Pick<View<WireLoader>, 'columns' | 'nameOf'> = {
  nameOf: ({ name }) => name,
  columns: [
    { head: 'NAME', cell: ({ name }) => name },
    {
      head: 'FOUND',
      cell: ({ found, needed }) => (found ? 'yes' : needed ? 'no, and it is needed' : 'no'),
      tone: ({ found, needed }) => (found ? 'good' : needed ? 'bad' : 'quiet'),
    },
    { head: 'WHERE', cell: ({ path, because }) => path ?? because ?? '', gives: 'cut' },
    { head: 'FOR', cell: ({ purpose }) => purpose, gives: 'cut' },
  ],
};

const STATUS: Pick<View<WireStatus>, 'details' | 'nameOf'> = {
  nameOf: ({ version }) => version,
  details: (status) => [
    ['version', status.version],
    ['running since', timeForm(status.startedAt)],
    ['data folder', status.dataFolder],
    [
      'interfaces',
      status.interfaces
        .map(({ name, mode, addresses, because }) => `${name} ${addresses.join(', ')}: ${mode}, ${because}`)
        .join('\n'),
    ],
    [
      'listens',
      status.listeners
        .map(({ protocol, address, port }) => `${protocol} on ${address} port ${port}`)
        .join('\n'),
    ],
    ['machines', String(status.counts.machines)],
    ['open installs', String(status.counts.openInstalls)],
    ['events lost', String(status.counts.droppedEvents)],
    ...((status.warnings ?? []).length === 0
      ? []
      : ([['warnings', (status.warnings ?? []).join('\n')]] as const)),
  ],
};
