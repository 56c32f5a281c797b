import type { FileTree, TreeNode } from '../../lib/file-tree.ts';

/**
 * What a node is called, for people: NFS reads by handles, and a server that was started anew has never heard the name of
 * what is read from it.
 */

/** Folders that it may lie in; a disc has 8, and with Rock Ridge a few more. */
const MAX_DEPTH = 64;
/** Entries of each that are looked through. */
const MAX_ENTRIES = 50_000;
const BATCH = 1000;

/** With `/` between names, and none at the beginning; undefined where it is not found with reasonable effort. */
export async function pathOfNode(tree: FileTree, node: TreeNode): Promise<string | undefined> {
  const names: string[] = [];
  let below = node;
  while (below.id !== tree.root.id) {
    if (names.length === MAX_DEPTH) return undefined;
    const folder = await tree.parent(below);
    const name = await nameIn(tree, folder, below);
    if (name === undefined) return undefined;
    names.unshift(name);
    below = folder;
  }
  return names.join('/');
}

async function nameIn(tree: FileTree, folder: TreeNode, node: TreeNode): Promise<string | undefined> {
  let after = 0;
  for (let seen = 0; seen < MAX_ENTRIES; seen += BATCH) {
    const entries = await tree.entries(folder, after, BATCH);
    const found = entries.find((entry) => entry.node.id === node.id);
    if (found) return found.name;
    const last = entries.at(-1);
    if (!last) return undefined;
    after = last.cookie;
  }
  return undefined;
}
