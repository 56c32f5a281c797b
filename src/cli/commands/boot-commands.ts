import { Argument, type Command } from 'commander';
import type { z } from 'zod';
import type { Tool } from '../../contract/tool-schemas.ts';
import type { Act, CliContext } from '../cli-context.ts';
import { CliFailure } from '../cli-failure.ts';
import type { View } from '../output.ts';

type WireTool = z.output<typeof Tool>;

interface BootFlags {
  readonly image?: string;
  readonly disk?: string;
  readonly erase?: true;
}

const BOOTED = ['discover', 'memtest', 'rescue', 'shell', 'wipe', 'local-disk'] as const;
type ToolWord = (typeof BOOTED)[number];

/**
 * `muster boot MACHINE TOOL` arms one, and `boot ls` shows which there are. A machine that is called `ls` is named by
 * its id or a MAC address.
 */
export function addBootCommands(program: Command, act: Act): void {
  const boot = program
    .command('boot')
    .argument('<machine>', 'its name, id or a MAC address')
    .addArgument(new Argument('<tool>', 'what it boots').choices(BOOTED))
    .description('boot a machine into a tool, once, the next time it boots from the network')
    .option('--image <name>', 'the image to boot it from; left out: the first that can')
    .option('--disk <name>', 'of wipe: the disk to overwrite, by its name below /dev')
    .option('--erase', 'of wipe: overwrite all that is on it, without asking')
    .action(
      act<BootFlags>(async (context, [machine = '', tool = ''], flags) => {
        if (isTool(tool)) await bootTool(context, machine, tool, flags);
      }),
    );
  boot
    .command('ls')
    .description('the tools there are, and the images they boot from')
    .action(
      act(async ({ client, output }) => {
        const { items } = await (await client()).call('listTools', {});
        await output.list(TOOLS, items, 'There are no tools');
      }),
    );
}

function isTool(word: string): word is ToolWord {
  return BOOTED.some((tool) => tool === word);
}

async function bootTool(
  context: CliContext,
  machine: string,
  tool: ToolWord,
  { image, disk, erase }: BootFlags,
): Promise<void> {
  const { client, output } = context;
  if (tool === 'wipe' && disk === undefined)
    throw new CliFailure('usage', 'Which disk is to be overwritten? Say its name below /dev with --disk');
  if (tool === 'wipe' && erase !== true)
    await confirmErase(context, `Overwrite all that is on disk ${disk} of machine ${machine}?`);
  const armed = await (await client()).call('bootTool', {
    input: {
      machine,
      tool,
      ...(image === undefined ? {} : { image }),
      ...(disk === undefined ? {} : { disk }),
      ...(tool === 'wipe' ? { confirmErase: true } : {}),
    },
  });
  const sentence = `${armed.machine} boots ${tool} (${armed.profile}) when it boots from the network, once. Follow it with: muster events -f ${armed.machine}`;
  await output.changed({ nameOf: ({ id }) => id, details: () => [] }, armed, sentence);
}

/** Said yes to once is not said yes to a disk: `-y` does not mean this. @throws CliFailure */
async function confirmErase({ terminal }: CliContext, question: string): Promise<void> {
  if (!terminal.inIsTerminal)
    throw new CliFailure(
      'usage',
      `Nothing was done: there is no terminal to ask on "${question}", so say --erase`,
    );
  const answer = await terminal.ask(`${question} [y/N] `);
  if (!/^y(?:es)?$/i.test(answer.trim())) throw new CliFailure('failed', 'Nothing was done');
}

const TOOLS: Pick<View<WireTool>, 'columns' | 'nameOf'> = {
  nameOf: ({ name }) => name,
  columns: [
    { head: 'TOOL', cell: ({ name }) => name },
    {
      head: 'IMAGES',
      cell: ({ images, because }) => (because === undefined ? images.join(', ') : '-'),
      gives: 'cut',
    },
    { head: 'DOES', cell: ({ does, because }) => because ?? does, gives: 'cut' },
  ],
};
