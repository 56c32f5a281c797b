import { createHash } from 'node:crypto';
import type { ByteSource } from '../../lib/byte-source.ts';
import type { FileTree, TreeNode } from '../../lib/file-tree.ts';

/** Everything in a tree by its path: `folder`, `-> target`, or the hash of the bytes and where they came from. */
export async function readTree(tree: FileTree, image: ByteSource): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  await readFolder({ tree, image, found }, tree.root, '');
  return found;
}

interface Reading {
  readonly tree: FileTree;
  readonly image: ByteSource;
  readonly found: Map<string, string>;
}

/** Folders are asked for in steps of a few, as a client with small packets does. */
const STEP = 3;

async function readFolder(reading: Reading, folder: TreeNode, before: string): Promise<void> {
  const { tree, found } = reading;
  for (let after = 0; ; ) {
    const entries = await tree.entries(folder, after, STEP);
    for (const { name, node, cookie } of entries) {
      if (cookie <= after) throw new Error(`The cookie ${cookie} comes after ${after}`);
      after = cookie;
      const path = before + name;
      if (found.has(path)) throw new Error(`There are two of ${path}`);
      await mustBeTheSame(reading, folder, name, node);
      found.set(path, await contentOf(reading, node));
      if (node.kind === 'folder') await readFolder(reading, node, `${path}/`);
    }
    if (entries.length < STEP) return;
  }
}

/** All ways to a node lead to the same. */
async function mustBeTheSame(
  { tree }: Reading,
  folder: TreeNode,
  name: string,
  node: TreeNode,
): Promise<void> {
  const others = [await tree.child(folder, name), await tree.byId(node.id)];
  for (const other of others)
    if (JSON.stringify(other) !== JSON.stringify(node))
      throw new Error(`Another way to ${name} leads elsewhere`);
  if (node.kind === 'folder' && (await tree.parent(node)).id !== folder.id)
    throw new Error(`The folder ${name} is said to be elsewhere`);
}

async function contentOf({ tree, image }: Reading, node: TreeNode): Promise<string> {
  if (node.kind === 'folder') return 'folder';
  if (node.kind === 'link') return `-> ${await tree.target(node)}`;
  const source = await tree.open(node);
  const hash = await hashOf(source, [{ offset: 0, length: node.size }]);
  if (source.size !== node.size) throw new Error(`${source.size} bytes are given of ${node.size}`);
  await source.close();
  if (node.extents && (await hashOf(image, node.extents)) !== hash)
    throw new Error('The extents of a file have other bytes than the file');
  return hash;
}

const CHUNK_BYTES = 1_000_003;

async function hashOf(
  source: ByteSource,
  extents: readonly { readonly offset: number; readonly length: number }[],
): Promise<string> {
  const hash = createHash('sha256');
  for (const { offset, length } of extents)
    for (let done = 0; done < length; ) {
      const bytes = await source.read(offset + done, Math.min(CHUNK_BYTES, length - done));
      if (bytes.length === 0) throw new Error('A file ends before its size');
      hash.update(bytes);
      done += bytes.length;
    }
  return hash.digest('hex');
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
