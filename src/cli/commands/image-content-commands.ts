import type { Command } from 'commander';
import type { z } from 'zod';
import type { ImageTree } from '../../contract/image-schemas.ts';
import type { Act } from '../cli-context.ts';
import { CliFailure } from '../cli-failure.ts';
import type { ApiClient } from '../client.ts';
import { printable } from '../printable.ts';
import { bytesForm } from '../text-forms.ts';
import { wholeNumber } from '../option-values.ts';

type Entry = z.output<typeof ImageTree>['entries'][number];

interface TreeFlags {
  readonly depth: number;
}

/** Lines of one tree; whoever wants more names a folder. */
const MAX_LINES = 10_000;
/** The first bytes say whether a file is text, as file(1) and grep(1) look. */
const LOOKED_AT = 8192;

export function addImageContentCommands(image: Command, act: Act): void {
  image
    .command('tree')
    .argument('<name>')
    .argument('[path]', 'a folder in the image; else its root')
    .description('what is in an image')
    .option('--depth <folders>', 'so many folders deep', wholeNumber, 1)
    .action(
      act<TreeFlags>(async ({ client, output }, [name = '', path = ''], { depth }) => {
        const api = await client();
        const budget = { lines: MAX_LINES };
        if (output.choices.format === 'table') {
          // Names on a disc are somebody else's, and may hold what speaks to a terminal.
          for await (const line of linesOf(api, name, path, depth, '', budget))
            output.text(`${printable(line)}\n`);
        } else {
          const entries: Entry[] = [];
          for await (const entry of entriesOf(api, name, path, budget)) entries.push(entry);
          await output.data(
            entries,
            entries.map((entry) => printable(entry.name)),
          );
        }
        if (budget.lines <= 0) output.talk(`There is more than ${MAX_LINES} lines: name a folder`);
      }),
    );
  image
    .command('cat')
    .argument('<name>')
    .argument('<path>', 'a file in the image')
    .description('the content of a file in an image')
    .action(
      act(async ({ client, terminal }, [name = '', path = '']) => {
        const api = await client();
        const asked = { params: { name }, query: { path } };
        let isFirst = true;
        for await (const piece of api.readBytes('readImageFile', asked, terminal.gone)) {
          if (isFirst && terminal.outIsTerminal && isBinary(piece))
            throw new CliFailure(
              'usage',
              `"${path}" is no text, and a terminal makes no sense of it: send it elsewhere, as in > FILE`,
            );
          isFirst = false;
          await terminal.outBytes(piece);
          if (terminal.gone.aborted) return;
        }
      }),
    );
}

function treeQuery(name: string, path: string, after?: number) {
  return {
    params: { name },
    query: { ...(path === '' ? {} : { path }), ...(after === undefined ? {} : { after }) },
  };
}

/** One folder, page by page. */
async function* entriesOf(
  api: ApiClient,
  name: string,
  path: string,
  budget: { lines: number },
): AsyncGenerator<Entry> {
  let after: number | undefined;
  do {
    const page = await api.call('listImageTree', treeQuery(name, path, after));
    for (const entry of page.entries) {
      if (budget.lines <= 0) return;
      budget.lines -= 1;
      yield entry;
    }
    after = page.next;
  } while (after !== undefined);
}

async function* linesOf(
  api: ApiClient,
  name: string,
  path: string,
  depth: number,
  indent: string,
  budget: { lines: number },
): AsyncGenerator<string> {
  for await (const entry of entriesOf(api, name, path, budget)) {
    yield lineOf(entry, indent);
    if (entry.kind !== 'folder' || depth <= 1) continue;
    const below = path === '' ? entry.name : `${path}/${entry.name}`;
    yield* linesOf(api, name, below, depth - 1, `${indent}  `, budget);
  }
}

function lineOf({ name, kind, bytes = 0, target = '' }: Entry, indent: string): string {
  const size = kind === 'file' ? bytesForm(bytes) : '';
  const end = kind === 'folder' ? '/' : kind === 'link' ? ` -> ${target}` : '';
  return `${size.padStart(9)}  ${indent}${name}${end}`;
}

function isBinary(piece: Uint8Array): boolean {
  // A NUL is in no text, and ESC would speak to the terminal.
  return piece.subarray(0, LOOKED_AT).some((byte) => byte === 0 || byte === 0x1b);
}
