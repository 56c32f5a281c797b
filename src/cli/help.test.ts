import { describe, expect, test } from 'vitest';
import { ROUTES } from '../contract/routes.ts';
import { ASKED_ROWS } from './asked-rows.ts';
import { createProgram } from './create-program.ts';
import { COMMAND_GROUPS } from './command-groups.ts';
import { EXIT } from './exit-codes.ts';
import { NO_LOCAL_COMMANDS, runCaptured } from './suite/captured-terminal.ts';
import { leafCommands } from './suite/leaf-commands.ts';
import { widthOf } from './text-width.ts';

const program = createProgram(NO_LOCAL_COMMANDS, { version: '1.2.3' });
const leaves = leafCommands(program);

describe('muster --help', () => {
  test('every command stands under one heading, and every heading has commands', () => {
    const grouped = COMMAND_GROUPS.flatMap(([, commands]) => commands);
    const there = [
      ...program.commands.filter((one) => one.name() !== 'complete').map((one) => one.name()),
      'help',
    ];
    expect(grouped.toSorted()).toEqual(there.toSorted());
  });

  test('the headings stand in their order', async () => {
    const { out } = await runCaptured(['--help']);
    const headings = [...out.matchAll(/^(.+):$/gm)].map(([, heading]) => heading);
    expect(headings.slice(1, -1)).toEqual(COMMAND_GROUPS.map(([heading]) => heading));
    expect(out).not.toMatch(/^ +complete /m);
  });
});

test('every command, and every option of it, has a sentence', () => {
  const without = leaves.flatMap(({ path, command }) => [
    ...(command.description() === '' ? [path] : []),
    ...command.options.filter(({ description }) => description === '').map(({ flags }) => `${path} ${flags}`),
  ]);
  expect(without).toEqual([]);
  expect(program.commands.filter((one) => one.description() === '')).toEqual([]);
});

test('a command says what it asks the API for, in the words of the contract, and who may', async () => {
  const { out } = await runCaptured(['subnet', 'set', '--help']);
  expect(out).toContain('  GET /subnets/{name} (viewer)\n      One subnet\n');
  expect(out).toContain(`  PUT /subnets/{name} (admin)\n      ${ROUTES.putSubnet.sentence}\n`);
});

test('what commands ask for is said of commands that there are', () => {
  const there = leaves.map(({ path }) => path);
  expect(Object.keys(ASKED_ROWS).filter((path) => !there.includes(path))).toEqual([]);
});

for (const path of ['', ...leaves.map((leaf) => leaf.path)]) {
  test(`muster ${path} --help reads well in 80 columns`, async () => {
    const words = [...path.split(' ').filter((word) => word !== ''), '--help'];
    const { exitCode, out } = await runCaptured(words, { outIsTerminal: true, columns: 80 });
    expect(exitCode).toBe(EXIT.ok);
    for (const line of out.split('\n')) expect(widthOf(line), line).toBeLessThanOrEqual(80);
  });
}
