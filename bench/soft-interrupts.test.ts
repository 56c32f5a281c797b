import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openSoftInterruptFiles, SOFT_INTERRUPT_FILES, softInterruptSeconds } from './soft-interrupts.ts';

const folder = mkdtempSync(join(tmpdir(), 'muster-soft-interrupts-'));

afterEach(() => {
  delete process.env[SOFT_INTERRUPT_FILES];
  rmSync(folder, { recursive: true, force: true });
});

test('the times of all threads for soft interrupts are added up, each time anew', () => {
  const paths = ['one', 'other'].map((name) => join(folder, name));
  for (const path of paths) writeFileSync(path, '1500000000 16555393766 148775\n');
  const files = paths.map((path) => openSync(path, 'r'));
  process.env[SOFT_INTERRUPT_FILES] = files.join(',');
  expect(softInterruptSeconds()).toBe(3);
  for (const path of paths) writeFileSync(path, '2000000000 16555393766 148775\n');
  expect(softInterruptSeconds()).toBe(4);
  for (const file of files) closeSync(file);
});

test('where none are handed in they took no time', () => {
  expect(softInterruptSeconds()).toBe(0);
});

test('the files that are opened here can be read', () => {
  const files = openSoftInterruptFiles();
  process.env[SOFT_INTERRUPT_FILES] = files.join(',');
  expect(softInterruptSeconds()).toBeGreaterThanOrEqual(0);
  for (const file of files) closeSync(file);
});
