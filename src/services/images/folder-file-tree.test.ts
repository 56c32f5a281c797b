import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { decodeText } from '../../lib/byte-reader.ts';
import type { FileTree, TreeNode } from '../../lib/file-tree.ts';
import { makeMemoryFolder } from '../../os/suite/memory-folder.ts';
import { folderFileTree } from './folder-file-tree.ts';

let home = '';
let root = '';
let tree: FileTree;

beforeEach(() => {
  home = makeMemoryFolder('muster-folder-');
  root = join(home, 'tree');
  mkdirSync(join(root, 'images/pxeboot'), { recursive: true });
  mkdirSync(join(home, 'outside'));
  writeFileSync(join(home, 'outside/secret'), 'secret');
  writeFileSync(join(root, '.treeinfo'), '[general]\n');
  writeFileSync(join(root, 'images/pxeboot/vmlinuz'), 'kernel', { mode: 0o755 });
  utimesSync(join(root, '.treeinfo'), 1_000_000, 1_000_000);
  symlinkSync('images/pxeboot/vmlinuz', join(root, 'inside'));
  symlinkSync('../outside', join(root, 'out'));
  spawnSync('mkfifo', [join(root, 'pipe')]);
  tree = folderFileTree(root);
});
afterEach(() => rmSync(home, { recursive: true }));

async function at(path: string, from = tree): Promise<TreeNode | undefined> {
  let node: TreeNode | undefined = from.root;
  for (const name of path.split('/')) node = node && (await from.child(node, name));
  return node;
}

async function allNames(folder: TreeNode, limit: number): Promise<readonly string[]> {
  const names: string[] = [];
  let after = 0;
  for (;;) {
    const entries = await tree.entries(folder, after, limit);
    names.push(...entries.map(({ name }) => name));
    const last = entries.at(-1);
    if (last === undefined) return names;
    expect(entries.map(({ cookie }) => cookie)).toEqual(
      entries.map(({ cookie }) => cookie).toSorted((one, other) => one - other),
    );
    after = last.cookie;
  }
}

describe('a folder as a tree', () => {
  test('has its files, folders and links, and what the system says of them', async () => {
    expect(await at('.treeinfo')).toMatchObject({ kind: 'file', size: 10, mtimeMs: 1_000_000_000 });
    expect(await at('images/pxeboot/vmlinuz')).toMatchObject({ kind: 'file', size: 6, mode: 0o755 });
    expect(await at('images')).toMatchObject({ kind: 'folder' });
    const link = await at('inside');
    expect(link).toMatchObject({ kind: 'link' });
    expect(await tree.target(link!)).toBe('images/pxeboot/vmlinuz');
    expect(await at('pipe')).toBeUndefined();
  });

  test('gives the bytes of a file', async () => {
    const source = await tree.open((await at('images/pxeboot/vmlinuz'))!);
    expect(decodeText(await source.read(1, 3))).toBe('ern');
    expect(source.file).toBeDefined();
    await source.close();
  });

  test.each(['..', '.', '', 'a\0b', 'images/..', 'out/secret', 'inside/x', '../outside'])(
    'has nothing at "%s"',
    async (path) => {
      expect(await at(path)).toBeUndefined();
    },
  );

  test('goes through no link that took the place of a folder meanwhile', async () => {
    const file = (await at('images/pxeboot/vmlinuz'))!;
    rmSync(join(root, 'images'), { recursive: true });
    mkdirSync(join(home, 'outside/pxeboot'));
    writeFileSync(join(home, 'outside/pxeboot/vmlinuz'), 'secret');
    symlinkSync('../outside', join(root, 'images'));
    await expect(tree.open(file)).rejects.toThrow('leads out of its folder');
    expect(await tree.byId(file.id)).toBeUndefined();
  });

  test('has the root above its first level, and above itself', async () => {
    const vmlinuz = (await at('images/pxeboot/vmlinuz'))!;
    const pxeboot = await tree.parent(vmlinuz);
    expect(pxeboot.id).toBe((await at('images/pxeboot'))!.id);
    expect((await tree.parent((await at('images'))!)).id).toBe(tree.root.id);
    expect((await tree.parent(tree.root)).id).toBe(tree.root.id);
  });
});

describe('ids', () => {
  test('are safe integers, and no two are the same', async () => {
    const nodes = await Promise.all(
      ['.treeinfo', 'images', 'images/pxeboot', 'inside'].map((path) => at(path)),
    );
    const ids = [tree.root.id, ...nodes.map((node) => node!.id)];
    expect(ids.every((id) => Number.isSafeInteger(id) && id > 0)).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('lead to their nodes after a restart', async () => {
    const { id } = (await at('images/pxeboot/vmlinuz'))!;
    const again = folderFileTree(root);
    expect(await again.byId(id)).toMatchObject({ kind: 'file', size: 6, id });
    expect(await again.byId(again.root.id)).toMatchObject({ kind: 'folder', id: again.root.id });
  });

  test('of what is gone, or was made up, lead to nothing', async () => {
    const { id } = (await at('.treeinfo'))!;
    unlinkSync(join(root, '.treeinfo'));
    expect(await tree.byId(id)).toBeUndefined();
    expect(await tree.byId(12_345)).toBeUndefined();
    expect(await tree.byId(-1)).toBeUndefined();
  });
});

describe('the entries of a folder', () => {
  test.each([1, 2, 7, 1000])('are each there once, %i at a time', async (limit) => {
    for (let index = 0; index < 60; index += 1) writeFileSync(join(root, `images/rpm-${index}`), '');
    const names = await allNames((await at('images'))!, limit);
    expect(names.toSorted()).toEqual([...Array.from({ length: 60 }, (_, n) => `rpm-${n}`), 'pxeboot'].sort());
  });

  test('keep their places while others come and go', async () => {
    for (let index = 0; index < 20; index += 1) writeFileSync(join(root, `images/rpm-${index}`), '');
    const images = (await at('images'))!;
    const first = await tree.entries(images, 0, 10);
    unlinkSync(join(root, 'images', first.find(({ node }) => node.kind === 'file')!.name));
    for (let index = 20; index < 40; index += 1) writeFileSync(join(root, `images/rpm-${index}`), '');
    const rest = await tree.entries(images, first.at(-1)!.cookie, 1000);
    const old = [...first, ...rest].map(({ name }) => name).filter((name) => !/rpm-[23]\d/.test(name));
    expect(new Set(old).size).toBe(21);
    expect(old).toHaveLength(21);
  });

  test('leave out names that are no UTF-8, since nobody could ask for them', async () => {
    spawnSync('sh', ['-c', `touch "$0/$(printf 'b\\377d')"`, join(root, 'images')]);
    expect(await allNames((await at('images'))!, 10)).toEqual(['pxeboot']);
  });
});
