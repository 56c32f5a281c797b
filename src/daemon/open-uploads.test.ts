import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openUploads } from './open-uploads.ts';

let folder = '';
const said: string[] = [];
const log = { info: (text: string) => void said.push(text) };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-open-uploads-'));
  for (const name of ['data', 'data/images', 'tftp']) mkdirSync(join(folder, name));
});

afterEach(() => rmSync(folder, { recursive: true }));

function open(uploads: string | undefined) {
  const settings = {
    'tftp.root': join(folder, 'tftp'),
    'tftp.uploads.folder': uploads,
    'tftp.uploads.fileBytes': 10,
    'tftp.uploads.files': 10,
    'tftp.uploads.totalBytes': 10,
  };
  return openUploads(settings, { data: join(folder, 'data'), images: join(folder, 'data/images') }, log);
}

test('uploads are off unless a folder is set', async () => {
  expect(await open(undefined)).toBeUndefined();
});

test('the folder of uploads is made', async () => {
  expect(await open(join(folder, 'data/uploads'))).toBeDefined();
  expect(existsSync(join(folder, 'data/uploads'))).toBe(true);
});

test('a folder that is served may not take uploads, not even behind a symbolic link', async () => {
  symlinkSync(join(folder, 'tftp'), join(folder, 'elsewhere'));
  await expect(open(join(folder, 'elsewhere/up'))).rejects.toThrow(/it is inside tftp.root/);
  await expect(open(folder)).rejects.toThrow(/is inside it.*--set tftp.uploads.folder/);
});

test('uploads that a crash cut off are removed at the start', async () => {
  mkdirSync(join(folder, 'up'));
  writeFileSync(join(folder, 'up/.muster-upload-0123456789abcdef'), 'half');
  await open(join(folder, 'up'));
  expect(readdirSync(join(folder, 'up'))).toEqual([]);
  expect(said).toEqual([expect.stringContaining('Removed 1 uploads')]);
});
