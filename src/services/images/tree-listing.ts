import type { FileTree, TreeNode } from '../../lib/file-tree.ts';
import { namesOf, resolvePath } from '../../lib/resolve-path.ts';
import { type ListedEntry, type Listing, MAX_LISTED } from './folder-listing.ts';
import { MAX_INSIDE_PATH } from './folder-tree.ts';

/** What is where in a tree of files, for doors that ask by path. */

/** Entries of a folder that are asked for at once. */
const PAGE = 1_000;

/** What a path leads to, or why it leads nowhere. */
export async function nodeAt(tree: FileTree, path: string): ReturnType<typeof resolvePath> {
  if (path.includes('\0') || Buffer.byteLength(path) > MAX_INSIDE_PATH)
    return { found: false, because: 'is no path on a disc' };
  if (path.split('/').includes('..')) return { found: false, because: 'holds "..", which is never followed' };
  const resolved = await resolvePath(tree, namesOf(path));
  return resolved.found ? resolved : { found: false, because: 'is not there' };
}

/** What is in a folder, by name. */
export async function listNode(
  tree: FileTree,
  folder: TreeNode,
  names: readonly string[],
): Promise<{ entries: readonly ListedEntry[]; isCut: boolean }> {
  const entries: ListedEntry[] = [];
  let after = 0;
  for (;;) {
    const page = await tree.entries(folder, after, PAGE);
    for (const { name, node } of page) {
      if (entries.length === MAX_LISTED) return { entries: sorted(entries), isCut: true };
      const kind = node.kind === 'link' ? await kindBehind(tree, [...names, name]) : node.kind;
      if (kind !== undefined) entries.push({ name, kind });
    }
    const last = page.at(-1);
    if (last === undefined) return { entries: sorted(entries), isCut: false };
    after = last.cookie;
  }
}

/** What a link leads to; undefined where that is nothing of the tree. */
async function kindBehind(
  tree: FileTree,
  names: readonly string[],
): Promise<ListedEntry['kind'] | undefined> {
  const resolved = await resolvePath(tree, names);
  return resolved.found && resolved.node.kind !== 'link' ? resolved.node.kind : undefined;
}

function sorted(entries: readonly ListedEntry[]): readonly ListedEntry[] {
  return entries.toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

/** Names of the first, and those of the second that it does not have. */
export function mergedListing(above: Listing, below: Listing): Listing {
  if (!above.found) return below;
  if (!below.found) return above;
  const names = new Set(above.entries.map(({ name }) => name));
  const entries = [...above.entries, ...below.entries.filter(({ name }) => !names.has(name))];
  return { found: true, entries: sorted(entries), isCut: above.isCut || below.isCut };
}
