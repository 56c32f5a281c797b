import { decodeText } from '../../lib/byte-reader.ts';
import type { FileTree, TreeNode } from '../../lib/file-tree.ts';
import type { TreeReader } from './tree-reader.ts';

/** Symbolic links on the way to one file; more lead in a circle. */
const MAX_LINKS = 16;
/** Names of a folder that are looked through; a mirror's pool has more, and none of them matters there. */
const MAX_ENTRIES = 10_000;
/** Entries asked for at once. */
const PAGE = 500;

/**
 * Looks into a tree as the doors show it. Symbolic links are followed as long as they stay inside; one that begins with
 * a slash is meant for the system that the tree was made on, and leads outside.
 *
 * @param discBytes the size of the disc image that holds the tree, where one does.
 */
export function fileTreeReader(tree: FileTree, discBytes?: number): TreeReader {
  const file = async (path: string): Promise<TreeNode | undefined> => {
    const node = await find(tree, path);
    return node?.kind === 'file' ? node : undefined;
  };
  return {
    async text(path, maxBytes) {
      const node = await file(path);
      if (!node) return undefined;
      const source = await tree.open(node);
      try {
        return decodeText(await source.read(0, Math.min(maxBytes, source.size)));
      } finally {
        await source.close();
      }
    },
    isFile: async (path) => (await file(path)) !== undefined,
    size: async (path) => (await file(path))?.size,
    folders: (path) => namesIn(tree, path, 'folder'),
    files: (path) => namesIn(tree, path, 'file'),
    ...(discBytes === undefined ? {} : { discBytes }),
  };
}

/** Folders from the root on, so that `..` of a link has somewhere to go and never above the root. */
async function find(tree: FileTree, path: string): Promise<TreeNode | undefined> {
  const way: TreeNode[] = [tree.root];
  const wanted = path.split('/').reverse();
  let links = 0;
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    const folder = way.at(-1);
    if (name === '' || name === '.') continue;
    if (name === '..') {
      if (way.length === 1) return undefined;
      way.pop();
      continue;
    }
    const node = folder?.kind === 'folder' ? await tree.child(folder, name) : undefined;
    if (!node) return undefined;
    if (node.kind !== 'link') {
      way.push(node);
      continue;
    }
    links += 1;
    const target = await tree.target(node);
    if (links > MAX_LINKS || target.startsWith('/')) return undefined;
    wanted.push(...target.split('/').reverse());
  }
  return way.at(-1);
}

async function namesIn(tree: FileTree, path: string, kind: 'file' | 'folder'): Promise<readonly string[]> {
  const folder = await find(tree, path);
  if (folder?.kind !== 'folder') return [];
  const names: string[] = [];
  let after = 0;
  for (let seen = 0; seen < MAX_ENTRIES; ) {
    const entries = await tree.entries(folder, after, PAGE);
    for (const { name, node } of entries) {
      const real = node.kind === 'link' ? await find(tree, path === '' ? name : `${path}/${name}`) : node;
      if (real?.kind === kind) names.push(name);
    }
    seen += entries.length;
    const last = entries.at(-1);
    if (!last) break;
    after = last.cookie;
  }
  return names.sort();
}
