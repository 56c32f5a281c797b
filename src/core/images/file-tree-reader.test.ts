import { describe, expect, test } from 'vitest';
import { sourceOfText } from '../../lib/byte-source.ts';
import type { FileTree, TreeNode } from '../../lib/file-tree.ts';
import { fileTreeReader } from './file-tree-reader.ts';
import { recogniseTree } from './recognise-tree.ts';

type Shape = { readonly [name: string]: string | Shape };

/** A tree in memory; a text that begins with `-> ` is a symbolic link. */
function treeOf(shape: Shape): FileTree {
  const made: {
    readonly node: TreeNode;
    readonly what: string | Shape;
    readonly parent: TreeNode | undefined;
  }[] = [];
  const make = (what: string | Shape, parent?: TreeNode): TreeNode => {
    const kind = typeof what !== 'string' ? 'folder' : what.startsWith('-> ') ? 'link' : 'file';
    const size = typeof what === 'string' ? what.length : 0;
    const node: TreeNode = { kind, id: made.length + 1, size, mode: 0o644, mtimeMs: 0 };
    made.push({ node, what, parent });
    if (typeof what !== 'string') for (const inside of Object.values(what)) make(inside, node);
    return node;
  };
  const root = make(shape);
  const inside = (folder: TreeNode) => {
    const what = made[folder.id - 1]?.what;
    const nodes = made.filter(({ parent }) => parent === folder).map(({ node }) => node);
    return Object.keys(typeof what === 'object' ? what : {}).map((name, index) => ({
      name,
      node: nodes[index]!,
    }));
  };
  const text = (node: TreeNode): string => {
    const what = made[node.id - 1]?.what;
    return typeof what === 'string' ? what : '';
  };
  return {
    root,
    byId: (id) => Promise.resolve(made[id - 1]?.node),
    child: (folder, name) => Promise.resolve(inside(folder).find((entry) => entry.name === name)?.node),
    parent: (node) => Promise.resolve(made[node.id - 1]?.parent ?? root),
    entries: (folder, after, limit) =>
      Promise.resolve(
        inside(folder)
          .map((entry, index) => ({ ...entry, cookie: index + 1 }))
          .slice(after, after + limit),
      ),
    target: (link) => Promise.resolve(text(link).slice(3)),
    open: (file) => Promise.resolve(sourceOfText(text(file))),
  };
}

const TREE = treeOf({
  '.disk': { info: 'Example 1 - amd64' },
  live: {
    vmlinuz: '-> ../boot/vmlinuz-6',
    'initrd.img': '-> ./rd/../../boot/initrd-6',
    rd: {},
    'filesystem.squashfs': 'hsqs',
  },
  boot: { 'vmlinuz-6': 'kernel', 'initrd-6': 'rd' },
  out: '-> ../../etc/passwd',
  absolute: '-> /boot/vmlinuz-6',
  circle: '-> circle',
  folder: '-> boot',
  nowhere: '-> not/there',
});

describe('a tree of files is read as recognition wants it', () => {
  const reader = fileTreeReader(TREE, 700);
  test('texts up to a length, and sizes', async () => {
    expect(await reader.text('.disk/info', 7)).toBe('Example');
    expect(await reader.text('folder/vmlinuz-6', 100)).toBe('kernel');
    expect(await reader.size('live/vmlinuz')).toBe(6);
    expect(reader.discBytes).toBe(700);
  });

  test('links that stay inside are what they lead to', async () => {
    expect(await reader.isFile('live/initrd.img')).toBe(true);
    expect(await reader.files('live')).toEqual(['filesystem.squashfs', 'initrd.img', 'vmlinuz']);
    expect(await reader.folders('')).toEqual(['.disk', 'boot', 'folder', 'live']);
    expect(await reader.files('folder')).toEqual(['initrd-6', 'vmlinuz-6']);
  });

  for (const path of [
    'out',
    'absolute',
    'circle',
    'nowhere',
    'boot',
    '../boot/vmlinuz-6',
    'boot/vmlinuz-6/x',
  ]) {
    test(`${path} is no file in it`, async () => {
      expect(await reader.isFile(path)).toBe(false);
      expect(await reader.text(path, 9)).toBeUndefined();
      expect(await reader.size(path)).toBeUndefined();
    });
  }

  test('a folder of many names is read page by page', async () => {
    const many = Object.fromEntries(Array.from({ length: 1203 }, (_, index) => [`f${index}`, '']));
    expect(await fileTreeReader(treeOf({ many })).files('many')).toEqual(Object.keys(many).sort());
  });

  test('and recognised', async () => {
    expect(await recogniseTree(reader)).toMatchObject({
      recognised: true,
      tree: { family: 'live', title: 'Example 1', kernel: 'live/vmlinuz', initrds: ['live/initrd.img'] },
    });
  });
});
