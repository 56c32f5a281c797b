import type { Command } from 'commander';
import type { z } from 'zod';
import type { Group, GroupInput } from '../../contract/group-schemas.ts';
import type { PasswordVariable } from '../../core/answers/password-variables.ts';
import { allPages } from '../all-pages.ts';
import { asItWasRead } from '../as-it-was-read.ts';
import type { Act, CliContext } from '../cli-context.ts';
import { CliFailure } from '../cli-failure.ts';
import { integer, names, pairs } from '../option-values.ts';
import type { View } from '../output.ts';
import { ASK_WORDS, passwordNames, withAsked } from '../secrets.ts';
import { selectorOption } from '../selector-option.ts';
import { countForm, variablesForm } from '../text-forms.ts';

type WireGroup = z.output<typeof Group>;
type WireGroupInput = z.input<typeof GroupInput>;

export interface GroupFlags {
  readonly selector?: string;
  readonly priority?: number;
  /** Empty: none. */
  readonly profile?: string;
  readonly args?: string;
  readonly var?: readonly (readonly [name: string, value: string])[];
  readonly unsetVar?: readonly string[];
  readonly ask?: readonly PasswordVariable[];
}

export function addGroupCommands(program: Command, act: Act): void {
  const group = program
    .command('group')
    .description('machines chosen by their labels, and what they have in common');
  group
    .command('put')
    .argument('<name>')
    .description('make a group, or change one; what is not named stays')
    .addOption(selectorOption('which machines are in it'))
    .option('--priority <number>', 'of several groups of a machine the higher wins; 0 if never said', integer)
    .option('--profile <name>', 'what they are installed with where nobody says otherwise; empty: nothing')
    .option('--args <words>', "words for the kernel's command line, before the profile's")
    .option('--var <name=value>', "for the template, under the profile's; may be repeated", pairs)
    .option('--unset-var <name>', 'take a variable away; may be repeated', names)
    .option('--ask <name>', ASK_WORDS, passwordNames)
    .action(act<GroupFlags>(async (context, [name = ''], flags) => await put(context, name, flags)));
  group
    .command('ls')
    .description('all groups')
    .action(
      act(async ({ client, output }) => {
        const items = await allPages(await client(), 'listGroups', {});
        await output.list(GROUPS, items, 'There is no group: muster group put makes one');
      }),
    );
  group
    .command('show')
    .argument('<name>')
    .description('one group, and the machines that are in it now')
    .action(
      act(async ({ client, output }, [name = '']) => {
        await output.thing(GROUPS, await (await client()).call('getGroup', { params: { name } }));
      }),
    );
  group
    .command('rm')
    .argument('<name>')
    .description('take a group away; its machines stay')
    .action(
      act(async (context, [name = '']) => {
        await context.confirm(`Take group ${name} away?`);
        await (await context.client()).call('deleteGroup', { params: { name } });
        context.output.talk(`Group ${name} is gone`);
      }),
    );
}

async function put(context: CliContext, name: string, flags: GroupFlags): Promise<void> {
  const client = await context.client();
  const params = { name };
  const given = await withAsked(context, flags);
  const group = await asItWasRead(async () => {
    const { thing: before, tag } = await client.read('getGroup', { params });
    const selector = flags.selector ?? before?.selector;
    if (selector === undefined)
      throw new CliFailure('usage', `There is no group "${name}" yet: say with --selector who is in it`);
    const input = withGroupFlags(before, { ...given, selector });
    return await client.call('putGroup', { params, input }, { tag });
  });
  const { machines } = group;
  const who = machines.length === 0 ? 'no machine yet' : countForm(machines.length, 'machine');
  await context.output.changed(GROUPS, group, `Group ${name} is there, with ${who}`);
}

export function withGroupFlags(
  before: WireGroup | undefined,
  flags: GroupFlags & { readonly selector: string },
): WireGroupInput {
  const gone = new Set(flags.unsetVar);
  const variables = Object.entries(before?.variables ?? {}).filter(([name]) => !gone.has(name));
  const profile = flags.profile ?? before?.profile ?? '';
  return {
    selector: flags.selector,
    priority: flags.priority ?? before?.priority ?? 0,
    ...(profile === '' ? {} : { profile }),
    arguments: flags.args ?? before?.arguments ?? '',
    variables: Object.fromEntries([...variables, ...(flags.var ?? [])]),
  };
}

const GROUPS: View<WireGroup> = {
  nameOf: ({ name }) => name,
  columns: [
    { head: 'NAME', cell: ({ name }) => name },
    { head: 'SELECTOR', cell: ({ selector }) => selector, gives: 'cut' },
    { head: 'PRIORITY', cell: ({ priority }) => String(priority) },
    { head: 'PROFILE', cell: ({ profile }) => profile ?? '' },
    { head: 'MACHINES', cell: ({ machines }) => String(machines.length) },
    { head: 'VARIABLES', cell: ({ variables }) => Object.keys(variables).join(', '), gives: 'cut' },
  ],
  details: (group) => [
    ['name', group.name],
    ['selector', group.selector],
    ['priority', String(group.priority)],
    ['profile', group.profile ?? 'none'],
    ['arguments', group.arguments],
    ['variables', variablesForm(group.variables)],
    ['machines', group.machines.join('\n')],
  ],
};
