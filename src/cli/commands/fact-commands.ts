import type { Command } from 'commander';
import type { z } from 'zod';
import type { MachineFacts } from '../../contract/fact-schemas.ts';
import type { Act, CliContext } from '../cli-context.ts';
import { factDetails, factSummary } from '../fact-text.ts';
import type { View } from '../output.ts';

type WireFacts = z.output<typeof MachineFacts>;

/** Below `muster machine`. */
export function addFactsCommand(machine: Command, act: Act): void {
  machine
    .command('facts')
    .argument('<machine>')
    .description('its hardware, and who said so')
    .action(
      act(async ({ client, output }, [reference = '']) => {
        const known = await (await client()).call('factsOfMachine', { params: { machine: reference } });
        if (known.reports.length > 0 || output.choices.format !== 'table') await output.thing(FACTS, known);
        else
          output.talk(
            `Nothing is known of ${known.machine}: it tells when it boots from the network, and when it is installed or discovered (muster boot ${known.machine} discover)`,
          );
      }),
    );
}

/** People see the hardware of a machine beside the rest of it; programs ask for that where they want it. */
export async function withHardware<T>(
  { client, output }: CliContext,
  view: Pick<View<T>, 'details' | 'nameOf'>,
  machine: string,
): Promise<Pick<View<T>, 'details' | 'nameOf'>> {
  if (output.choices.format !== 'table') return view;
  const { facts } = await (await client()).call('factsOfMachine', { params: { machine } });
  const hardware = factSummary(facts);
  if (hardware === undefined) return view;
  return { ...view, details: (item) => [...view.details(item), ['hardware', hardware]] };
}

const FACTS: Pick<View<WireFacts>, 'details' | 'nameOf'> = {
  nameOf: ({ machine }) => machine,
  details: (known) => factDetails(known),
};
