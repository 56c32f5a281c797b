import { expect, test } from 'vitest';
import { Output } from '../output.ts';
import { capturedTerminal } from '../suite/captured-terminal.ts';
import { screenOf } from '../suite/screen.ts';
import type { Terminal } from '../terminal.ts';
import { type Check, followCheck } from './follow-check.ts';

const HALF: Check = { done: 5, whole: 10, unit: 'files' };
const MOST: Check = { done: 9, whole: 10, unit: 'files' };

async function follow(looks: readonly Check[], change: Partial<Terminal> = {}, quiet = false) {
  const { terminal, written } = capturedTerminal(change);
  const output = new Output(terminal, { format: 'table', color: 'plain', quiet });
  const left = [...looks];
  const wasSeen = await followCheck({ terminal, output }, 'cd', async () => left.shift());
  return { wasSeen, ...written };
}

test('on a terminal a bar is drawn over itself, and what comes behind it has a line of its own', async () => {
  const { wasSeen, err } = await follow([HALF, MOST], { outIsTerminal: true, columns: 60 });
  expect(wasSeen).toBe(true);
  expect(screenOf(err, 60)).toEqual(['cd [#####################---] 90 % of 10 files', '']);
});

test('a bar never goes on in the next line', async () => {
  const { err } = await follow([HALF], { outIsTerminal: true, columns: 20 });
  expect(screenOf(err, 80)[0]).toBe('cd [############--…');
});

test('elsewhere a line is written for each tenth', async () => {
  const { err } = await follow([HALF, HALF, MOST]);
  expect(err).toBe('cd: 50 % of 10 files\ncd: 90 % of 10 files\n');
});

test('-q shows neither', async () => {
  expect((await follow([HALF, MOST], { outIsTerminal: true }, true)).err).toBe('');
});

test('whoever has enough leaves it, and it goes on', async () => {
  const enough = AbortSignal.timeout(50);
  expect((await follow([HALF, HALF, HALF, HALF, HALF, HALF], { enough })).wasSeen).toBe(false);
});
