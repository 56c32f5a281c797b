import { expect, test } from 'vitest';
import { pathOfNode } from './path-of-node.ts';
import { type FolderContent, MemoryTree } from './suite/memory-tree.ts';

const many = Object.fromEntries(Array.from({ length: 2500 }, (_, at) => [`file-${at}`, new Uint8Array(1)]));
const tree = new MemoryTree({ casper: { 'filesystem.squashfs': new Uint8Array(1) }, pool: { main: many } });

for (const path of ['', 'casper', 'casper/filesystem.squashfs', 'pool/main/file-0', 'pool/main/file-2499']) {
  test(`finds "${path}"`, async () => expect(await pathOfNode(tree, tree.at(path))).toBe(path));
}

test('does not look for ever', async () => {
  let deep: FolderContent = {};
  for (let depth = 0; depth < 70; depth += 1) deep = { below: deep };
  const steep = new MemoryTree(deep);
  expect(await pathOfNode(steep, steep.at('below/'.repeat(64)))).toBe('below/'.repeat(64).slice(0, -1));
  expect(await pathOfNode(steep, steep.at('below/'.repeat(65)))).toBeUndefined();
});

test('of a node that its folder does not have there is none', async () => {
  const other = new MemoryTree({ casper: { gone: new Uint8Array(1) } });
  const gone = other.at('casper/gone');
  other.entries = () => Promise.resolve([]);
  expect(await pathOfNode(other, gone)).toBeUndefined();
});
