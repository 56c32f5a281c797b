import { sourceOfBytes } from '../../../lib/byte-source.ts';
import type { TreeNode } from '../../../lib/file-tree.ts';
import { type Iso9660Disc, openIso9660 } from '../iso9660-disc.ts';
import { type MadeDisc, makeDisc } from './made-disc.ts';

export function openMade(disc: MadeDisc): Promise<Iso9660Disc> {
  return openIso9660(sourceOfBytes(makeDisc(disc)));
}

/** What the root of a disc shows, and for what it does not show the reason. */
export async function rootOf(disc: MadeDisc): Promise<{
  readonly names: readonly string[];
  readonly leftOut: readonly string[];
}> {
  const { tree } = await openMade(disc);
  const entries = await tree.entries(tree.root, 0, Number.MAX_SAFE_INTEGER);
  const leftOut = await tree.leftOut(tree.root);
  return {
    names: entries.map(({ name }) => name),
    leftOut: leftOut.map(
      ({ because, count, first }) => `${first}: ${because}${count > 1 ? ` ×${count}` : ''}`,
    ),
  };
}

export async function bytesOf(disc: Iso9660Disc, node: TreeNode): Promise<Uint8Array> {
  const source = await disc.tree.open(node);
  return await source.read(0, source.size);
}

/** The node at a path below the root. */
export async function nodeAt(disc: Iso9660Disc, path: string): Promise<TreeNode> {
  let node = disc.tree.root;
  for (const name of path.split('/')) {
    const below = await disc.tree.child(node, name);
    if (below === undefined) throw new Error(`There is no ${name} of ${path}`);
    node = below;
  }
  return node;
}
