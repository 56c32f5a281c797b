import type { Command } from 'commander';
import type { Act, CliContext } from '../cli-context.ts';
import type { ApiClient } from '../client.ts';
import { keepFollowing } from '../keep-following.ts';
import { wholeNumber } from '../option-values.ts';
import { jsonText } from '../output.ts';
import { printable } from '../printable.ts';
import { findInstall } from './find-install.ts';

interface LogFlags {
  readonly follow?: true;
  readonly tail?: number;
}

/** Shown before what is new, with `-f`. */
const RECENT_LINES = 10;

export function addInstallLogCommand(install: Command, act: Act): void {
  install
    .command('log')
    .argument('<id>', 'the id of an install, or a machine: its newest install then')
    .description('the log of an install, as the installer sent it')
    .option('-f, --follow', `go on with what comes; begins with the last ${RECENT_LINES} lines unless told`)
    .option('--tail <number>', 'only so many lines from its end', wholeNumber)
    .action(act<LogFlags>(async (context, [reference = ''], flags) => await show(context, reference, flags)));
}

async function show(context: CliContext, reference: string, { follow, tail }: LogFlags): Promise<void> {
  const client = await context.client();
  const { id, retryOf } = await findInstall(client, reference);
  const write = lineWriter(context);
  if (follow) return await followLog(context, client, id, tail ?? RECENT_LINES, write);
  const query = tail === undefined ? {} : { tail };
  const pieces = client.readBytes('readInstallLog', { params: { id }, query }, context.terminal.gone);
  let isEmpty = true;
  for await (const line of linesOf(pieces)) {
    write(line);
    isEmpty = false;
  }
  if (!isEmpty) return;
  const before =
    retryOf === undefined ? '' : `; it is the next try after ${retryOf}: muster install log ${retryOf}`;
  context.output.talk(`Install ${id} has no log yet${before}`);
}

/** A hostile machine chose these letters, and a terminal obeys control characters: they are shown as escapes. */
function lineWriter({ output }: CliContext): (line: string) => void {
  if (output.choices.format === 'json') return (line) => output.text(`${jsonText({ line })}\n`);
  return (line) => output.text(`${printable(line)}\n`);
}

async function* linesOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const letters = new TextDecoder();
  let rest = '';
  for await (const piece of pieces) {
    const lines = (rest + letters.decode(piece, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

/** A lost connection is made again, and goes on behind the last line that was written. */
async function followLog(
  context: CliContext,
  client: ApiClient,
  id: string,
  tail: number,
  write: (line: string) => void,
): Promise<void> {
  let offset: number | undefined;
  await keepFollowing(
    context,
    () => client.streamLog(id, tail, offset, context.terminal.enough),
    ({ line, next }) => {
      write(line);
      offset = next;
    },
  );
}
