import type { Command } from 'commander';
import type { Act } from '../cli-context.ts';
import { macOption } from '../option-values.ts';
import { MACHINES } from './machine-view.ts';

/** Records that are one computer, or two. */
export function addMachineChangeCommands(machine: Command, act: Act): void {
  machine
    .command('merge')
    .argument('<machine>', 'the one that stays')
    .argument('<other>', 'the one that is the same computer, and goes')
    .description('make one machine of two; what belongs to the other becomes its own')
    .action(
      act(async (context, [into = '', from = '']) => {
        await context.confirm(`Merge machine ${from} into ${into}, for good?`);
        const { machine: merged, lost } = await (await context.client()).call('mergeMachine', {
          params: { machine: into },
          input: { from },
        });
        await context.output.changed(MACHINES, merged, `Machine ${from} is merged into ${merged.name}`);
        for (const sentence of lost) context.output.talk(`  ${sentence}`);
      }),
    );
  machine
    .command('split')
    .argument('<machine>')
    .description('make a new machine that has one of its MAC addresses')
    .requiredOption('--mac <mac>', 'the MAC address of the other computer', macOption)
    .requiredOption('--name <name>', 'what the new machine is called')
    .action(
      act<{ readonly mac: string; readonly name: string }>(
        async ({ client, output }, [reference = ''], input) => {
          const params = { machine: reference };
          const split = await (await client()).call('splitMachine', { params, input });
          await output.changed(MACHINES, split, `Machine ${split.name} is split off ${reference}`);
        },
      ),
    );
}
