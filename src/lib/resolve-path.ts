import type { FileTree, TreeNode } from './file-tree.ts';

/**
 * From a path to what is there in a tree of files. Symbolic links are followed inside the tree: `..` at its root is its
 * root, and an absolute target counts from there, so that nothing leaves it.
 */

/** Links followed for one path; as Linux does. A circle of them ends here. */
export const MAX_LINK_HOPS = 40;
/** Names looked up for one path, links included, so that no chain of long targets keeps the server busy. */
export const MAX_LOOK_UPS = 1024;
/** Characters of a link's target: what Linux allows. */
export const MAX_TARGET_CHARACTERS = 4096;

export type ResolvedPath =
  | { readonly found: true; readonly node: TreeNode }
  | { readonly found: false; readonly because: string };

/**
 * A path as its names below the root. `.` and doubled slashes mean nothing, and `..` takes the name before it away, before
 * anything is looked up: what clients show their users is worked out the same way.
 *
 * @param from where a path without a slash at its beginning starts.
 */
export function namesOf(path: string, from: readonly string[] = []): readonly string[] {
  const names = path.startsWith('/') ? [] : [...from];
  for (const part of path.split('/')) {
    if (part === '..') names.pop();
    else if (part !== '' && part !== '.') names.push(part);
  }
  return names;
}

/** @param last `kept`: a link that the path ends with is what is wanted, not where it leads. */
export async function resolvePath(
  tree: FileTree,
  names: readonly string[],
  last: 'followed' | 'kept' = 'followed',
): Promise<ResolvedPath> {
  /** The folders below the root, down to where we are. */
  const way: TreeNode[] = [];
  const ahead = [...names].reverse();
  let hops = 0;
  for (let lookUps = 0; lookUps < MAX_LOOK_UPS; lookUps += 1) {
    const name = ahead.pop();
    if (name === undefined) return { found: true, node: way.at(-1) ?? tree.root };
    if (name === '..') {
      way.pop();
      continue;
    }
    const node = await childOf(tree, way.at(-1) ?? tree.root, name);
    if (node === undefined) return { found: false, because: 'no such file or folder' };
    const isLast = ahead.length === 0;
    if (node.kind === 'link' && !(isLast && last === 'kept')) {
      hops += 1;
      if (hops > MAX_LINK_HOPS)
        return {
          found: false,
          because: `more than ${MAX_LINK_HOPS} symbolic links lead to each other there`,
        };
      const target = await tree.target(node);
      if (target.length > MAX_TARGET_CHARACTERS)
        return { found: false, because: 'a symbolic link is too long there' };
      if (target.startsWith('/')) way.length = 0;
      ahead.push(...target.split('/').filter(isName).reverse());
      continue;
    }
    if (node.kind === 'folder') way.push(node);
    else if (isLast) return { found: true, node };
    else return { found: false, because: 'no such file or folder: a part of the path is no folder' };
  }
  return { found: false, because: `the path has more than ${MAX_LOOK_UPS} names, links included` };
}

/** An empty target, which no file system makes, leads to the folder it is in. */
function isName(part: string): boolean {
  return part !== '' && part !== '.';
}

/** No name has a NUL, and what is behind one must never reach a system call. */
async function childOf(tree: FileTree, folder: TreeNode, name: string): Promise<TreeNode | undefined> {
  return name.includes('\0') ? undefined : await tree.child(folder, name);
}
