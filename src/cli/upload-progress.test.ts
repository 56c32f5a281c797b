import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EXIT } from './exit-codes.ts';
import { type FilledWorld, openFilledWorld } from './suite/filled-world.ts';
import { screenOf } from './suite/screen.ts';

/** Three pieces of what is sent at once, and nothing in them: it arrives, and is no disc. */
const BYTES = 24 * 1024 * 1024;

let filled: FilledWorld;
beforeAll(async () => {
  filled = await openFilledWorld();
  for (const name of ['bar.iso', 'lines.iso']) {
    await writeFile(join(filled.world.folder, name), '');
    await truncate(join(filled.world.folder, name), BYTES);
  }
});
afterAll(async () => await filled.close());

test('an upload is a bar on a terminal, which ends full', async () => {
  const { exitCode, err } = await filled.muster('image add bar.iso --upload', {
    outIsTerminal: true,
    columns: 70,
  });
  expect(exitCode).toBe(EXIT.failed);
  // oxlint-disable-next-line no-control-regex
  expect(err).toMatch(/\r\u001B\[Kbar \[#{8}-{16}\] 33 % of 25 MB/);
  expect(screenOf(err, 70)[0]).toMatch(/^bar \[#{24}\] 100 % of 25 MB/);
  expect(screenOf(err, 70)[1]).toMatch(/^muster: bar does not get here/);
});

test('and a line for each piece where none is', async () => {
  const { err } = await filled.muster('image add lines.iso --upload');
  expect(err).not.toContain('\r');
  expect(err.match(/^lines: \d+ % of 25 MB/gm)).toEqual([
    'lines: 33 % of 25 MB',
    'lines: 66 % of 25 MB',
    'lines: 100 % of 25 MB',
  ]);
});
