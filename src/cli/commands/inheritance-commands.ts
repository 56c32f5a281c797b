import type { Command } from 'commander';
import type { z } from 'zod';
import type { Inheritance } from '../../contract/group-schemas.ts';
import type { Act } from '../cli-context.ts';
import type { View } from '../output.ts';

type WireInheritance = z.output<typeof Inheritance>;
type Row = WireInheritance['variables'][number];

/** `muster machine variables`: what a machine gets, and where each part comes from. */
export function addVariablesCommand(machine: Command, act: Act): void {
  machine
    .command('variables')
    .argument('<machine>')
    .description('its variables and kernel arguments, and which group, profile or machine gives each')
    .option('--profile <name>', 'as if it was installed with this profile; else the one its groups name')
    .action(
      act<{ readonly profile?: string }>(async ({ client, output }, [machineName = ''], query) => {
        const inherited = await (await client()).call('machineInheritance', {
          params: { machine: machineName },
          query,
        });
        if (output.choices.format !== 'table') {
          await output.data(
            inherited,
            inherited.variables.map(({ name }) => name),
          );
          return;
        }
        await output.list(
          VARIABLES,
          rowsOf(inherited),
          `${machineName} has no variables of its own or of others`,
        );
        for (const [label, text] of inheritanceDetails(inherited)) output.talk(`${label}: ${text}`);
      }),
    );
}

/** Words for the kernel stand among the variables, each with who gives them. */
function rowsOf(inherited: WireInheritance): readonly Row[] {
  const words = inherited.arguments.map((one) => ({
    name: 'kernel arguments',
    value: one.words,
    by: one.by,
  }));
  return [...inherited.variables, ...words];
}

/** Its groups and what it would be installed with, each with its reason. */
export function inheritanceDetails({
  groups,
  profile,
}: WireInheritance): readonly (readonly [string, string])[] {
  const memberships = groups.map(({ name, because }) => `${name}, since ${because}`);
  return [
    ['groups', memberships.length === 0 ? 'none' : memberships.join('\n')],
    ['profile', `${profile.name ?? 'none'}: ${profile.because}`],
  ];
}

const VARIABLES: Pick<View<Row>, 'columns' | 'nameOf'> = {
  nameOf: ({ name }) => name,
  columns: [
    { head: 'NAME', cell: ({ name }) => name },
    { head: 'VALUE', cell: ({ value }) => value, gives: 'cut' },
    { head: 'FROM', cell: ({ by }) => `${by.kind} ${by.name}` },
  ],
};
