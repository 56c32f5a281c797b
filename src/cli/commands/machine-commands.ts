import { type Command, Option } from 'commander';
import { INSTALL_STATES } from '../../core/install/life.ts';
import { MACHINE_SORTS } from '../../core/machines/machine-page.ts';
import { allPages } from '../all-pages.ts';
import type { Act, CliContext } from '../cli-context.ts';
import { names, wholeNumber } from '../option-values.ts';
import { withAsked } from '../secrets.ts';
import { addVariablesCommand, inheritanceDetails } from './inheritance-commands.ts';
import { nothingChosen, selectorOption } from '../selector-option.ts';
import { changeOf, inputOf, type MachineFlags, withFlags } from './machine-flags.ts';
import { addMachineFileCommands } from './machine-file-commands.ts';
import { addMachineChangeCommands } from './machine-change-commands.ts';
import { MACHINES, type WireMachine } from './machine-view.ts';
import { portForm } from '../text-forms.ts';
import { addFactsCommand, withHardware } from './fact-commands.ts';

const MACHINE_STATES = [...INSTALL_STATES, 'none'] as const;

export function addMachineCommands(program: Command, act: Act): void {
  const machine = program
    .command('machine')
    .description('computers Muster knows; named by name, id or MAC address');
  withFlags(machine.command('add').argument('<name>'))
    .description('make a machine known')
    .action(act<MachineFlags>(async (context, [name = ''], flags) => await add(context, name, flags)));
  withFlags(machine.command('set').argument('<machine>'))
    .description('change a machine; what is not named stays')
    .option('--name <name>', 'its new name')
    .option('--unset-var <name>', 'take a variable away; may be repeated', names)
    .option('--unset-label <key>', 'take a label away; may be repeated', names)
    .action(
      act<MachineFlags>(async (context, [reference = ''], given) => {
        const { client, output } = context;
        const flags = await withAsked(context, given);
        const changed = await (await client()).call('changeMachine', {
          params: { machine: reference },
          input: changeOf(flags),
        });
        await output.changed(MACHINES, changed, `Machine ${changed.name} is changed`);
      }),
    );
  addShowCommands(machine, act);
  addMediaCommand(machine, act);
  addMachineChangeCommands(machine, act);
  addMachineFileCommands(machine, act);
  addFactsCommand(machine, act);
  addVariablesCommand(machine, act);
  machine
    .command('rm')
    .argument('<machine>')
    .description('forget a machine and its installs')
    .action(
      act(async (context, [reference = '']) => {
        await context.confirm(`Forget machine ${reference} and its installs?`);
        await (await context.client()).call('deleteMachine', { params: { machine: reference } });
        context.output.talk(`Machine ${reference} is forgotten`);
      }),
    );
}

function addShowCommands(machine: Command, act: Act): void {
  machine
    .command('ls')
    .description('all machines, or those with such labels')
    .addOption(selectorOption('only those with such labels'))
    .option('--search <text>', 'words that must be in name, MAC address, serial number, asset tag or UUID')
    .addOption(
      new Option('--state <state>', 'only those whose newest install is in this state').choices(
        MACHINE_STATES,
      ),
    )
    .addOption(
      new Option('--sort <order>', 'in which order; with - the last comes first').choices(MACHINE_SORTS),
    )
    .option('--limit <number>', 'so many at most', wholeNumber)
    .action(act<ListFlags>(async (context, _, flags) => await list(context, flags)));
  machine
    .command('show')
    .argument('<machine>')
    .description('one machine')
    .action(
      act(async (context, [reference = '']) => {
        const params = { machine: reference };
        const api = await context.client();
        const shown = await api.call('getMachine', { params });
        const inherited = await api.call('machineInheritance', { params });
        const details = (one: WireMachine) => [...MACHINES.details(one), ...inheritanceDetails(inherited)];
        const view = await withHardware(context, { ...MACHINES, details }, shown.id);
        await context.output.thing(view, shown);
      }),
    );
}

interface ListFlags {
  readonly selector?: string;
  readonly search?: string;
  readonly state?: (typeof MACHINE_STATES)[number];
  readonly sort?: (typeof MACHINE_SORTS)[number];
  readonly limit?: number;
}

async function list({ client, output }: CliContext, { search, limit, ...others }: ListFlags): Promise<void> {
  const query = { ...others, ...(search === undefined ? {} : { q: search }) };
  const items = await allPages(await client(), 'listMachines', query, limit);
  await output.list(MACHINES, items, whenNone(query));
}

function whenNone(query: { readonly selector?: string }): string {
  if (Object.keys(query).length === 0) return 'No machine is known: muster machine add makes one known';
  if (query.selector !== undefined && Object.keys(query).length === 1) return nothingChosen(query.selector);
  return 'No machine fits: muster machine ls without options shows all';
}

function addMediaCommand(machine: Command, act: Act): void {
  machine
    .command('media')
    .argument('<machine>')
    .description("the URL of a disc that starts its armed installer, for its BMC's virtual drive")
    .action(
      act(async ({ client, output }, [reference = '']) => {
        const media = await (await client()).call('mediaOfMachine', { params: { machine: reference } });
        if (output.choices.format === 'table') output.text(`${media.url}\n`);
        else await output.data(media, [media.url]);
        for (const sentence of media.left) output.talk(sentence);
      }),
    );
}

async function add(context: CliContext, name: string, given: MachineFlags): Promise<void> {
  const { client, output } = context;
  const flags = await withAsked(context, given);
  const added = await (await client()).call('addMachine', { input: inputOf(name, flags) });
  await output.changed(MACHINES, added, `Machine ${added.name} is known by ${knownBy(added)}`);
}

/** All that tells it from others. */
function knownBy({ macs, uuid, serial, assetTag, port }: WireMachine): string {
  const others = [
    uuid === undefined ? undefined : `its UUID ${uuid}`,
    serial === undefined ? undefined : `its serial number ${serial}`,
    assetTag === undefined ? undefined : `its asset tag ${assetTag}`,
    port === undefined ? undefined : `its port ${portForm(port)}`,
  ];
  return macs.length > 0 ? macs.join(', ') : others.filter((text) => text !== undefined).join(', ');
}
