import { createProgram } from '../src/cli/create-program.ts';
import type { LocalCommands } from '../src/cli/local-commands.ts';
import {
  type CommandReference,
  type ProgramReference,
  referenceOf,
  type ReferenceTerm,
} from '../src/cli/reference/command-reference.ts';
import { manPage } from '../src/cli/reference/man-page.ts';
import { VERSION } from '../src/daemon/version.ts';
import { page, table } from './page-parts.ts';

function reference(): ProgramReference {
  // The tree is read and nothing of it is run.
  const notRun = () => Promise.reject(new Error('A page runs no command'));
  const local = new Proxy({} as LocalCommands, { get: () => notRun });
  return referenceOf(createProgram(local, { version: VERSION }));
}

/** docs/cli.md: every command. */
export function cliPage(): string {
  const { sentence, options, groups } = reference();
  return page(
    'Commands',
    'the tree of commands (src/cli/create-program.ts)',
    `${sentence} \`muster help COMMAND\` says the same of one command. [command-line.md](command-line.md) tells what holds for all of them, [exit-codes.md](exit-codes.md) how they end.`,
    '## What every command takes',
    terms('option', options),
    ...groups.flatMap(({ heading, commands }) => [`## ${heading}`, ...commands.flatMap(commandParts)]),
  );
}

function commandParts({
  name,
  usage,
  sentence,
  arguments: given,
  options,
  rows,
}: CommandReference): readonly string[] {
  return [
    `### ${name}`,
    `\`${usage}\``,
    `${sentence.slice(0, 1).toUpperCase()}${sentence.slice(1)}.`,
    ...(given.length === 0 ? [] : [terms('argument', given)]),
    ...(options.length === 0 ? [] : [terms('option', options)]),
    ...(rows.length === 0
      ? []
      : [
          `Asks the API: ${rows.map(({ request, sentence }) => `\`${request.replace(' (', '` (')}: ${sentence}`).join('; ')}.`,
        ]),
  ];
}

function terms(head: string, rows: readonly ReferenceTerm[]): string {
  return table(
    [head, 'what it does'],
    rows.map(({ term, sentence }) => [`\`${term}\``, sentence.replaceAll('<', '&lt;')]),
  );
}

/** docs/muster.1, which packages install. */
export function manPageFile(): string {
  return manPage(reference(), VERSION);
}
