import { describe, expect, test } from 'vitest';
import { decodeText } from './byte-reader.ts';
import type { FileTree, TreeNode } from './file-tree.ts';
import { mountedTrees } from './mounted-trees.ts';
import { namesOf, resolvePath } from './resolve-path.ts';
import { MemoryTree } from './suite/memory-tree.ts';

const debian = new MemoryTree({
  dists: { folder: { Release: 'bookworm', stable: { link: '../pool' } } },
  pool: { folder: { 'a.deb': 'package' } },
});
const trees: Record<string, FileTree | undefined> = {
  debian,
  rocky: new MemoryTree({ '.treeinfo': '[general]' }),
  away: undefined,
};
const all = mountedTrees('images', async () =>
  Object.entries(trees).map(([name, tree]) => ({ name, open: async () => tree })),
);

async function at(path: string): Promise<TreeNode | undefined> {
  const resolved = await resolvePath(all, namesOf(path));
  return resolved.found ? resolved.node : undefined;
}

async function namesIn(path: string): Promise<readonly string[]> {
  return (await all.entries((await at(path))!, 0, 100)).map(({ name }) => name);
}

describe('trees below a folder', () => {
  test('are listed there, also one that cannot be read', async () => {
    expect(await namesIn('/')).toEqual(['images']);
    expect(await namesIn('/images')).toEqual(['debian', 'rocky', 'away']);
    expect(await namesIn('/images/away')).toEqual([]);
    expect((await namesIn('/images/debian')).toSorted()).toEqual(['dists', 'pool']);
  });

  test('are listed page by page', async () => {
    const images = (await at('/images'))!;
    const [first] = await all.entries(images, 0, 1);
    const rest = await all.entries(images, first!.cookie, 10);
    expect([first!.name, ...rest.map(({ name }) => name)]).toEqual(['debian', 'rocky', 'away']);
    expect(await all.entries(images, rest.at(-1)!.cookie, 10)).toEqual([]);
  });

  test('give their files, also through links of their own', async () => {
    for (const path of ['/images/debian/pool/a.deb', '/images/debian/dists/stable/a.deb']) {
      const source = await all.open((await at(path))!);
      expect(decodeText(await source.read(0, source.size))).toBe('package');
    }
  });

  test.each(['/images/none', '/other', '/images/rocky/pool', '/images/debian/pool/x'])(
    'have nothing at %s',
    async (path) => {
      expect(await at(path)).toBeUndefined();
    },
  );

  test('know their way up', async () => {
    const release = (await at('/images/debian/dists/Release'))!;
    const dists = await all.parent(release);
    const root = await all.parent(dists);
    const images = await all.parent(root);
    expect([dists.id, root.id, images.id]).toEqual([
      (await at('/images/debian/dists'))!.id,
      (await at('/images/debian'))!.id,
      (await at('/images'))!.id,
    ]);
    expect((await all.parent(images)).id).toBe(all.root.id);
    expect((await all.parent(all.root)).id).toBe(all.root.id);
  });

  test('have ids of their own', async () => {
    const paths = [
      '/',
      '/images',
      '/images/debian',
      '/images/rocky',
      '/images/debian/pool',
      '/images/rocky/.treeinfo',
    ];
    const ids = await Promise.all(paths.map(async (path) => (await at(path))!.id));
    expect(new Set(ids).size).toBe(ids.length);
    expect((await at('/images/debian'))!.id).toBe(ids[2]);
  });

  test('open neither their folders nor what is above them', async () => {
    await expect(all.open(all.root)).rejects.toThrow(RangeError);
  });
});
