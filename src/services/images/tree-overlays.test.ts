import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sourceOfBytes } from '../../lib/byte-source.ts';
import type { FileTree, TreeNode } from '../../lib/file-tree.ts';
import { namesOf, resolvePath } from '../../lib/resolve-path.ts';
import { readTree } from '../../formats/suite/read-tree.ts';
import { image } from '../../store/suite/samples.ts';
import { makeMemoryFolder } from '../../os/suite/memory-folder.ts';
import { TreeOverlays } from './tree-overlays.ts';
import { TreeRoots } from './tree-roots.ts';

let home = '';
let nowMs = 0;
let roots: TreeRoots;

const LOWER = {
  '.treeinfo': 'own treeinfo',
  'images/install.img': 'own stage 2',
  'Packages/a.rpm': 'own a',
  'Packages/b.rpm': 'own b',
  'folder/x': 'own x',
};
const UPPER = {
  'Packages/b.rpm': 'overlaid b',
  'Packages/c.rpm': 'added c',
  'images/product.img': 'added product',
  'new/deep/file': 'added deep',
  folder: 'a file where a folder was',
};
const MERGED = {
  '.treeinfo': 'own treeinfo',
  'images/install.img': 'own stage 2',
  'images/product.img': 'added product',
  'Packages/a.rpm': 'own a',
  'Packages/b.rpm': 'overlaid b',
  'Packages/c.rpm': 'added c',
  'new/deep/file': 'added deep',
  folder: 'a file where a folder was',
};

function put(below: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    const place = join(home, below, path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, text);
  }
}

beforeEach(() => {
  home = makeMemoryFolder('muster-overlaid-');
  put('lower', LOWER);
  put('overlays/centos/tree', UPPER);
  symlinkSync('../Packages/a.rpm', join(home, 'overlays/centos/tree/new/link'));
  const clock = { nowMs: () => nowMs };
  const images = { list: async () => [image({ name: 'centos', folder: join(home, 'lower') })] };
  const overlays = new TreeOverlays({ images, folder: join(home, 'overlays'), clock });
  roots = new TreeRoots({ clock, overlayOf: overlays.of });
});
afterEach(() => rmSync(home, { recursive: true }));

async function tree(): Promise<FileTree> {
  const found = await roots.tree(join(home, 'lower'));
  if (!found.found) throw new Error(found.because);
  return found.tree;
}

async function textOf(path: string): Promise<string> {
  const opened = await roots.open(join(home, 'lower'), path);
  if (!opened.found) return `no: ${opened.because}`;
  const bytes = await opened.source.read(0, opened.source.size);
  await opened.source.close();
  return new TextDecoder().decode(bytes);
}

async function nodeAt(in_: FileTree, path: string): Promise<TreeNode> {
  const resolved = await resolvePath(in_, namesOf(path));
  if (!resolved.found) throw new Error(resolved.because);
  return resolved.node;
}

describe('an image with a folder over its tree', () => {
  test('has its own files and those of the folder, which take the place of its own', async () => {
    for (const [path, text] of Object.entries(MERGED)) expect(await textOf(path), path).toBe(text);
    expect(await textOf('folder/x')).toBe('own x');
    expect(await textOf('../overlays/centos/tree/folder')).toMatch(/^no: /);
  });

  test('is listed as one', async () => {
    const names = async (path: string) => {
      const listing = await roots.list(join(home, 'lower'), path);
      return listing.found ? listing.entries.map(({ name, kind }) => `${name} ${kind}`) : listing.because;
    };
    expect(await names('')).toEqual([
      '.treeinfo file',
      'Packages folder',
      'folder file',
      'images folder',
      'new folder',
    ]);
    expect(await names('Packages')).toEqual(['a.rpm file', 'b.rpm file', 'c.rpm file']);
    // Over HTTP links of the folder lead nowhere outside of it.
    expect(await names('new')).toEqual(['deep folder']);
  });

  test('is one tree to FTP and NFS: by names, by ids, page by page, and back', async () => {
    const merged = await tree();
    const read = await readTree(merged, sourceOfBytes(new Uint8Array()));
    const files = [...read.keys()].filter(
      (path) => !['Packages', 'images', 'new', 'new/deep'].includes(path),
    );
    expect(files.sort()).toEqual([...Object.keys(MERGED), 'new/link'].sort());
    // Links of the folder lead into the image's own files.
    const linked = await merged.open(await nodeAt(merged, 'new/link'));
    expect(new TextDecoder().decode(await linked.read(0, linked.size))).toBe('own a');
    await linked.close();
  });

  test('keeps the ids of its own files, and has no id twice', async () => {
    const before = new TreeRoots({ clock: { nowMs: () => nowMs } });
    const plain = await before.tree(join(home, 'lower'));
    if (!plain.found) throw new Error(plain.because);
    const merged = await tree();
    for (const path of ['.treeinfo', 'Packages', 'Packages/a.rpm'])
      expect((await nodeAt(merged, path)).id).toBe((await nodeAt(plain.tree, path)).id);
    const ids = await Promise.all(
      [...Object.keys(MERGED), 'Packages', 'images', 'new', 'new/deep', ''].map(
        async (path) => (await nodeAt(merged, path)).id,
      ),
    );
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(Number.isSafeInteger(id) && id > 0).toBe(true);
  });

  test('is plain again when the folder is taken away', async () => {
    expect(await textOf('Packages/b.rpm')).toBe('overlaid b');
    rmSync(join(home, 'overlays'), { recursive: true });
    nowMs += 2_000;
    expect(await textOf('Packages/b.rpm')).toBe('own b');
    expect((await (await tree()).entries((await tree()).root, 0, 100)).map(({ name }) => name)).not.toContain(
      'new',
    );
  });
});
