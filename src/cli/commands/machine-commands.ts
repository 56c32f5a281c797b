import type { Command } from 'commander';
import type { z } from 'zod';
import type { Machine, MachineChange } from '../../contract/machine-schemas.ts';
import type { PasswordVariable } from '../../core/answers/password-variables.ts';
import type { Act, CliContext } from '../cli-context.ts';
import { CliFailure } from '../cli-failure.ts';
import { type LoaderChoice, loaderOption } from '../loader-option.ts';
import {
  type MemoryCheckChoice,
  memoryCheckOption,
  type MemoryChoice,
  memoryOption,
} from '../memory-option.ts';
import { macs, names, pairs, uuidOrEmpty } from '../option-values.ts';
import type { View } from '../output.ts';
import { ASK_WORDS, passwordNames, withAsked } from '../secrets.ts';
import { type SourceChoice, sourceOption } from '../source-option.ts';
import { timeForm, variablesForm } from '../text-forms.ts';

type WireMachine = z.output<typeof Machine>;
type WireMachineChange = z.input<typeof MachineChange>;

export interface MachineFlags {
  readonly name?: string;
  readonly mac?: readonly string[];
  readonly uuid?: string;
  readonly var?: readonly (readonly [name: string, value: string])[];
  readonly ask?: readonly PasswordVariable[];
  readonly unsetVar?: readonly string[];
  readonly loader?: LoaderChoice;
  readonly source?: SourceChoice;
  readonly memory?: MemoryChoice;
  readonly memoryCheck?: MemoryCheckChoice;
}

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
  machine
    .command('ls')
    .description('all machines')
    .action(
      act(async ({ client, output }) => {
        const { items } = await (await client()).call('listMachines', {});
        await output.list(MACHINES, items, 'No machine is known: muster machine add makes one known');
      }),
    );
  machine
    .command('show')
    .argument('<machine>')
    .description('one machine')
    .action(
      act(async ({ client, output }, [reference = '']) => {
        const shown = await (await client()).call('getMachine', { params: { machine: reference } });
        await output.thing(MACHINES, shown);
      }),
    );
  addMediaCommand(machine, act);
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
  const input = {
    name,
    macs: [...(flags.mac ?? [])],
    ...(flags.uuid === undefined || flags.uuid === '' ? {} : { uuid: flags.uuid }),
    variables: Object.fromEntries(flags.var ?? []),
    ...(flags.loader === undefined || flags.loader === 'any' ? {} : { loader: flags.loader }),
    ...(flags.source === undefined || flags.source === 'auto' ? {} : { source: flags.source }),
    ...(typeof flags.memory === 'number' ? { memoryMegabytes: flags.memory } : {}),
    ...(flags.memoryCheck === 'off' ? { memoryCheck: flags.memoryCheck } : {}),
  };
  if (input.macs.length === 0)
    throw new CliFailure('usage', 'Which computer is it? Say one of its MAC addresses with --mac');
  const added = await (await client()).call('addMachine', { input });
  await output.changed(MACHINES, added, `Machine ${added.name} is known by ${added.macs.join(', ')}`);
}

function withFlags(command: Command): Command {
  return command
    .option('--mac <mac>', 'its MAC addresses, with commas or repeated', macs)
    .option('--uuid <uuid>', 'its SMBIOS UUID', uuidOrEmpty)
    .option(
      '--var <name=value>',
      "for the answer file's template, over the profile's; may be repeated",
      pairs,
    )
    .option('--ask <name>', ASK_WORDS, passwordNames)
    .addOption(loaderOption('the loader it boots with'))
    .addOption(sourceOption('over what it gets the tree of an image'))
    .addOption(memoryOption())
    .addOption(memoryCheckOption('off: start images for which it has too little memory, too'));
}

/** What the flags change; an empty UUID takes it away. */
export function changeOf(flags: MachineFlags): WireMachineChange {
  const variables = Object.fromEntries([
    ...(flags.unsetVar ?? []).map((name) => [name, null] as const),
    ...(flags.var ?? []),
  ]);
  return {
    ...(flags.name === undefined ? {} : { name: flags.name }),
    ...(flags.mac === undefined ? {} : { macs: [...flags.mac] }),
    ...(flags.uuid === undefined ? {} : { uuid: flags.uuid === '' ? null : flags.uuid }),
    ...(Object.keys(variables).length === 0 ? {} : { variables }),
    ...(flags.loader === undefined ? {} : { loader: flags.loader === 'any' ? null : flags.loader }),
    ...(flags.source === undefined ? {} : { source: flags.source === 'auto' ? null : flags.source }),
    ...(flags.memory === undefined
      ? {}
      : { memoryMegabytes: flags.memory === 'unknown' ? null : flags.memory }),
    ...(flags.memoryCheck === undefined
      ? {}
      : { memoryCheck: flags.memoryCheck === 'on' ? null : flags.memoryCheck }),
  };
}

const MACHINES: View<WireMachine> = {
  nameOf: ({ name }) => name,
  columns: [
    { head: 'NAME', cell: ({ name }) => name },
    { head: 'ID', cell: ({ id }) => id },
    { head: 'MACS', cell: (machine) => machine.macs.join(', '), gives: true },
    { head: 'UUID', cell: ({ uuid }) => uuid ?? '', gives: true },
    { head: 'VARIABLES', cell: ({ variables }) => Object.keys(variables).join(', '), gives: true },
  ],
  details: (machine) => [
    ['name', machine.name],
    ['id', machine.id],
    ['MAC addresses', machine.macs.join('\n')],
    ['UUID', machine.uuid ?? 'not known'],
    ['variables', variablesForm(machine.variables)],
    ['loader', machine.loader ?? 'any'],
    ['source', machine.source ?? 'auto'],
    ['memory', machine.memoryMegabytes === undefined ? 'not known' : `${machine.memoryMegabytes} MiB`],
    ['memory check', machine.memoryCheck ?? 'on'],
    ['known since', timeForm(machine.createdAt)],
  ],
};
