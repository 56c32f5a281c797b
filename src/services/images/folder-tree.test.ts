import { spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeText } from '../../lib/byte-reader.ts';
import { makeMemoryFolder } from '../../os/suite/memory-folder.ts';
import { folderTree, MAX_INSIDE_PATH, openInsideFolder } from './folder-tree.ts';

let home: string;
let root: string;

beforeAll(() => {
  home = makeMemoryFolder('muster-tree-');
  root = join(home, 'tree');
  for (const folder of ['tree/images/pxeboot', 'tree/empty', 'tree-beside', 'outside'])
    mkdirSync(join(home, folder), { recursive: true });
  writeFileSync(join(root, '.treeinfo'), '[general]\n');
  writeFileSync(join(root, 'images/pxeboot/vmlinuz'), 'kernel');
  writeFileSync(join(root, 'empty/nothing'), '');
  writeFileSync(join(root, 'a+b c%2e~é'), 'odd');
  writeFileSync(join(home, 'outside/secret'), 'secret');
  writeFileSync(join(home, 'tree-beside/secret'), 'secret');
  for (const [link, target] of [
    ['inside', 'images/pxeboot/vmlinuz'],
    ['inside-folder', 'images'],
    ['absolute-inside', join(root, 'images/pxeboot/vmlinuz')],
    ['outside', '../outside/secret'],
    ['absolute-outside', join(home, 'outside/secret')],
    ['outside-folder', '../outside'],
    ['beside', '../tree-beside/secret'],
    ['circle', 'circle'],
    ['nowhere', 'not-there'],
    ['null', '/dev/null'],
  ] as const)
    symlinkSync(target, join(root, link));
  spawnSync('sh', ['-c', 'mkfifo "$0"', join(root, 'pipe')]);
});

afterAll(() => rmSync(home, { recursive: true }));

async function textOf(path: string, from = root): Promise<string> {
  const opened = await openInsideFolder(from, path);
  if (!opened.found) return `no: ${opened.because}`;
  try {
    return decodeText(await opened.source.read(0, opened.source.size));
  } finally {
    await opened.source.close();
  }
}

describe('a file of the folder is opened', () => {
  for (const [path, text] of [
    ['.treeinfo', '[general]\n'],
    ['images/pxeboot/vmlinuz', 'kernel'],
    ['/images//pxeboot/./vmlinuz', 'kernel'],
    ['inside', 'kernel'],
    ['absolute-inside', 'kernel'],
    ['inside-folder/pxeboot/vmlinuz', 'kernel'],
    ['a+b c%2e~é', 'odd'],
    ['empty/nothing', ''],
  ] as const) {
    test(path, async () => expect(await textOf(path)).toBe(text));
  }

  test('also where the folder itself is a symbolic link', async () => {
    symlinkSync(root, join(home, 'link-to-tree'));
    expect(await textOf('inside', join(home, 'link-to-tree'))).toBe('kernel');
  });
});

describe('what is no file of the folder is refused with the reason', () => {
  for (const [path, because] of [
    ['not-there', '"not-there" is not there'],
    ['.treeinfo/x', '".treeinfo/x" is not there: a part of its path is no folder'],
    ['../outside/secret', '"../outside/secret" holds "..", which is never followed'],
    ['images/../../outside/secret', '"images/../../outside/secret" holds "..", which is never followed'],
    ['images/..', '"images/.." holds "..", which is never followed'],
    ['outside', '"outside" leads out of its folder'],
    ['absolute-outside', '"absolute-outside" leads out of its folder'],
    ['outside-folder/secret', '"outside-folder/secret" leads out of its folder'],
    ['beside', '"beside" leads out of its folder'],
    ['null', '"null" leads out of its folder'],
    ['circle', '"circle" is a symbolic link that leads in a circle or was put there just now'],
    ['nowhere', '"nowhere" is not there'],
    ['images', '"images" is a folder, and only files are served'],
    ['', '"" is a folder, and only files are served'],
    ['pipe', '"pipe" is a named pipe, and only files are served'],
    ['a\0b', 'the path holds a NUL'],
    ['x'.repeat(300), `"${'x'.repeat(300)}" is too long for a file name`],
    [`${'x/'.repeat(MAX_INSIDE_PATH)}y`, `the path has more than ${MAX_INSIDE_PATH} bytes`],
  ] as const) {
    test(JSON.stringify(path.slice(0, 60)), async () => expect(await textOf(path)).toBe(`no: ${because}`));
  }

  test('devices, and everything where the folder is gone', async () => {
    expect(await textOf('null', '/dev')).toBe('no: "null" is a device, and only files are served');
    expect(await textOf('x', join(home, 'gone'))).toBe('no: "x" is not there');
  });

  test('a file that may not be read', async () => {
    writeFileSync(join(root, 'closed'), 'x');
    chmodSync(join(root, 'closed'), 0);
    const isRoot = process.geteuid?.() === 0;
    // Root may read everything, so for a moment we are nobody, for whom the whole folder is closed.
    if (isRoot) process.seteuid?.(65_534);
    try {
      expect(await textOf('closed')).toMatch(/^no: "closed" may not be read by Muster/);
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });
});

test('bytes are read by position, and no more than the file had when it was opened', async () => {
  writeFileSync(join(root, 'digits'), '0123456789');
  const opened = await openInsideFolder(root, 'digits');
  if (!opened.found) throw new Error(opened.because);
  const { source } = opened;
  appendFileSync(join(root, 'digits'), 'more');
  expect(source.size).toBe(10);
  expect(opened.mtimeMs).toBeGreaterThan(Date.now() - 60_000);
  for (const [offset, length, text] of [
    [0, 4, '0123'],
    [8, 100, '89'],
    [10, 5, ''],
    [50, 5, ''],
    [3, 0, ''],
  ] as const)
    expect(decodeText(await source.read(offset, length))).toBe(text);
  truncateSync(join(root, 'digits'), 5);
  await expect(source.read(0, 10)).rejects.toThrow('"digits" ends at byte 5, it had 10');
  await source.close();
});

test('nothing stays open after refusals', async () => {
  const open = (): number => readdirSync('/proc/self/fd').length;
  const before = open();
  for (let round = 0; round < 50; round += 1) {
    for (const path of ['outside', 'pipe', 'images', 'not-there', 'inside']) await textOf(path);
  }
  expect(open()).toBeLessThanOrEqual(before + 1);
});

test('a folder that is swapped for a link to the outside while files are opened lets nothing out', async () => {
  const swapped = join(home, 'swapped');
  mkdirSync(join(swapped, 'real'), { recursive: true });
  writeFileSync(join(swapped, 'real/secret'), 'public');
  // rename() onto the name, so that there is always one of the two.
  const swap = `
    const { renameSync, symlinkSync, rmSync } = require('node:fs');
    process.chdir(${JSON.stringify(swapped)});
    for (;;) for (const target of ['real', '../outside']) {
      rmSync('next', { force: true });
      symlinkSync(target, 'next');
      renameSync('next', 'folder');
    }`;
  const child = spawn(process.execPath, ['-e', swap], { stdio: 'ignore' });
  try {
    const seen = new Set<string>();
    const until = Date.now() + 1500;
    while (Date.now() < until) {
      for (let round = 0; round < 50; round += 1) seen.add(await textOf('folder/secret', swapped));
    }
    expect(seen).not.toContain('secret');
    expect(seen).toContain('public');
    expect(seen).toContain('no: "folder/secret" leads out of its folder');
  } finally {
    child.kill();
  }
});

test('as a tree, it shows texts up to a length, files, and folders by name', async () => {
  const tree = folderTree(root);
  expect(await tree.text('.treeinfo', 4)).toBe('[gen');
  expect(await tree.text('not-there', 4)).toBeUndefined();
  expect(await tree.text('outside', 100)).toBeUndefined();
  expect(await tree.isFile('images/pxeboot/vmlinuz')).toBe(true);
  expect(await tree.isFile('images')).toBe(false);
  expect(await tree.isFile('outside')).toBe(false);
  expect(await tree.folders('')).toEqual(['empty', 'images']);
  expect(await tree.folders('images')).toEqual(['pxeboot']);
  expect(await tree.folders('.treeinfo')).toEqual([]);
  expect(await tree.folders('outside-folder')).toEqual([]);
  expect(await tree.folders('..')).toEqual([]);
});

test('as a tree, it shows what files a folder has and how large they are, links inside followed', async () => {
  const tree = folderTree(root);
  expect(await tree.size('images/pxeboot/vmlinuz')).toBe(6);
  expect(await tree.size('inside')).toBe(6);
  for (const path of ['images', 'outside', 'null', 'pipe', 'not-there', '../outside/secret']) {
    expect(await tree.size(path)).toBeUndefined();
  }
  const names = await tree.files('');
  for (const name of ['.treeinfo', 'a+b c%2e~é', 'absolute-inside', 'inside']) expect(names).toContain(name);
  for (const name of ['images', 'outside', 'nowhere', 'null', 'pipe']) expect(names).not.toContain(name);
  expect(names).toEqual([...names].sort());
  expect(await tree.files('images/pxeboot')).toEqual(['vmlinuz']);
  for (const path of ['.treeinfo', 'outside-folder', '..', 'images'])
    expect(await tree.files(path)).toEqual([]);
});
