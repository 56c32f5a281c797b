import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeMemoryFolder } from '../../os/suite/memory-folder.ts';
import { ImageContents, MAX_CONTENT_PAGE } from './image-contents.ts';
import { TreeRoots } from './tree-roots.ts';

let folder: string;
const contents = new ImageContents(new TreeRoots({ clock: { nowMs: () => 1 } }));

beforeAll(() => {
  folder = makeMemoryFolder('muster-contents-');
  mkdirSync(join(folder, 'boot'));
  writeFileSync(join(folder, 'boot/linux'), 'kernel');
  symlinkSync('boot/linux', join(folder, 'linux'));
  symlinkSync('/etc', join(folder, 'out'));
  mkdirSync(join(folder, 'pool'));
  for (let file = 0; file < MAX_CONTENT_PAGE + 5; file += 1) writeFileSync(join(folder, `pool/${file}`), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

test('a folder has its entries by name, with what they are', async () => {
  const listed = await contents.list({ folder }, '', 0);
  expect(listed).toEqual({
    found: true,
    entries: [
      { name: 'boot', kind: 'folder' },
      { name: 'linux', kind: 'link', target: 'boot/linux' },
      { name: 'out', kind: 'link', target: '/etc' },
      { name: 'pool', kind: 'folder' },
    ],
  });
});

test('a large folder comes in pages, each entry once', async () => {
  const names: string[] = [];
  let after: number | undefined = 0;
  while (after !== undefined) {
    const page = await contents.list({ folder }, 'pool', after);
    if (!page.found) throw new Error(page.because);
    expect(page.entries.length).toBeLessThanOrEqual(MAX_CONTENT_PAGE);
    names.push(...page.entries.map(({ name }) => name));
    after = page.next;
  }
  expect(new Set(names).size).toBe(MAX_CONTENT_PAGE + 5);
  expect(names).toHaveLength(MAX_CONTENT_PAGE + 5);
});

test('a file is listed alone, also through a link', async () => {
  for (const path of ['boot/linux', '/boot/linux'])
    expect(await contents.list({ folder }, path, 0)).toEqual({
      found: true,
      entries: [{ name: 'linux', kind: 'file', bytes: 6 }],
    });
});

for (const path of ['none', 'boot/none', 'out/passwd', 'x'.repeat(5000), 'a\0b'])
  test(`${JSON.stringify(path.slice(0, 20))} is not there`, async () => {
    expect(await contents.list({ folder }, path, 0)).toMatchObject({ found: false });
    expect(await contents.open({ folder }, path)).toMatchObject({ found: false });
  });
