import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { describe, expect, test } from 'vitest';
import { createProgram } from '../src/cli/create-program.ts';
import { capturedTerminal, NO_LOCAL_COMMANDS } from '../src/cli/suite/captured-terminal.ts';
import { leafCommands } from '../src/cli/suite/leaf-commands.ts';
import { type TypedCommand, typedCommands } from './typed-commands.ts';

/** What the pages have people type is what the command line takes. */

const REPOSITORY = join(import.meta.dirname, '..');
const PAGES = [
  'README.md',
  'README.zh-CN.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...readdirSync(join(REPOSITORY, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`)
    .toSorted(),
];
/** A sentence may name a group of commands, and a command without all that goes with it. */
const LEFT_OUT = new Set([
  'commander.help',
  'commander.missingArgument',
  'commander.missingMandatoryOptionValue',
  'commander.optionMissingArgument',
]);
/** What stands for a word of the reader's: `NAME`, `FIRST-LAST`. */
const PLACEHOLDER = /'[A-Z][A-Z-]*'/;

/** What the command line has against it, or undefined. */
function objection({ words, where }: TypedCommand): string | undefined {
  const program = createProgram(NO_LOCAL_COMMANDS, {
    version: '1.2.3',
    terminal: capturedTerminal().terminal,
  });
  for (const { command } of leafCommands(program)) command.action(() => {});
  try {
    program.parse([...words], { from: 'user' });
    return undefined;
  } catch (error) {
    if (!(error instanceof CommanderError)) return String(error);
    if (error.code === 'commander.helpDisplayed' || error.code === 'commander.version') return undefined;
    const isLeftOut = LEFT_OUT.has(error.code) || PLACEHOLDER.test(error.message);
    return where === 'sentence' && isLeftOut ? undefined : error.message;
  }
}

describe('every command of a page is one that the command line takes', () => {
  for (const page of PAGES) {
    test(page, () => {
      const wrong = typedCommands(readFileSync(join(REPOSITORY, page), 'utf8')).flatMap((typed) => {
        const because = objection(typed);
        return because === undefined ? [] : [`muster ${typed.words.join(' ')}: ${because}`];
      });
      expect(wrong).toEqual([]);
    });
  }
});

/** What stands in the blocks of a page that are no pictures, without what is only for people. */
function linesOfBlocks(page: string): readonly string[] {
  return [...page.matchAll(/^```(\w*)\n([^]*?)^```$/gm)]
    .flatMap(([, language, block = '']) => (language === 'text' ? [] : block.split('\n')))
    .map((line) => line.replace(/(?:^|\s+)#\s.*$/, ''))
    .filter((line) => line !== '');
}

describe('what is typed is the same in both languages', () => {
  const translated = PAGES.filter((name) => name.endsWith('.zh-CN.md'));
  test('there are pages in both', () => expect(translated.length).toBeGreaterThan(4));
  for (const page of translated) {
    test(page, () => {
      const [here, there] = [page, page.replace('.zh-CN.md', '.md')].map((name) =>
        linesOfBlocks(readFileSync(join(REPOSITORY, name), 'utf8')),
      );
      expect(here).toEqual(there);
      expect(here?.length).toBeGreaterThan(4);
    });
  }

  test('a line that differs is seen, and a comment is not', () => {
    expect(linesOfBlocks('```sh\n# a\nmuster up  # b\n```\n```text\nx\n```')).toEqual(['muster up']);
  });
});

describe('it would not be taken', () => {
  for (const [what, page, because] of [
    ['a command that is none', '```sh\nmuster machines ls\n```', "unknown command 'machines'"],
    ['a command of a group that is none', '```sh\nmuster machine list\n```', "unknown command 'list'"],
    ['a flag that is none', 'type `muster explain web01 --why`', "unknown option '--why'"],
    ['a value that a flag has not', '```\nmuster subnet add lab --mode half\n```', 'half'],
    ['a command without its argument, in a block', '```sh\nmuster explain\n```', 'missing required argument'],
    ['one word too many', '```sh\nmuster explain web01 web02\n```', 'too many arguments'],
    ['in brackets', 'type `muster boot MACHINE TOOL [--why]`', "unknown option '--why'"],
    ['behind a bar in a table', '| `muster man \\| muster mann` |', "unknown command 'mann'"],
    [
      'behind another command, over two lines',
      '```sh\ntrue && muster install \\\n  web01 --now\n```',
      "'--now'",
    ],
  ] as const) {
    test(what, () => {
      const found = typedCommands(page)
        .map(objection)
        .filter((one) => one !== undefined);
      expect(found).toEqual([expect.stringContaining(because)]);
    });
  }
});

test('what is no command of Muster is passed over', () => {
  const page = [
    '```sh',
    'echo "muster machines" > muster.txt  # muster machines',
    'cat > list <<END',
    'muster machines',
    'END',
    'muster profile set web --var keys="$(cat ~/.ssh/id | head)" --var \'a=b c\' > out',
    '```',
  ].join('\n');
  expect(typedCommands(page).map(({ words }) => words)).toEqual([
    ['profile', 'set', 'web', '--var', 'keys=$(cat ~/.ssh/id | head)', '--var', 'a=b c'],
  ]);
});
