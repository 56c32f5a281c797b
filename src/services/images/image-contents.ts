import type { Image } from '../../core/images/image.ts';
import type { ByteSource } from '../../lib/byte-source.ts';
import type { TreeNode } from '../../lib/file-tree.ts';
import { namesOf, resolvePath } from '../../lib/resolve-path.ts';
import { MAX_INSIDE_PATH } from './folder-tree.ts';
import type { TreeRoots } from './tree-roots.ts';

/** What stands in a folder of an image. */
export interface ContentEntry {
  readonly name: string;
  readonly kind: TreeNode['kind'];
  /** Of a file. */
  readonly bytes?: number;
  /** Where a symbolic link leads, as it stands there. */
  readonly target?: string;
}

export type Contents =
  | {
      readonly found: true;
      readonly entries: readonly ContentEntry[];
      /** Where the next page begins; absent where this was the last. */
      readonly next?: number;
    }
  | { readonly found: false; readonly because: string };

export type ContentOpened =
  | { readonly found: true; readonly source: ByteSource }
  | { readonly found: false; readonly because: string };

/** Entries of one page. */
export const MAX_CONTENT_PAGE = 1000;

/** What is in an image, as its doors show it, for people. */
export class ImageContents {
  readonly #roots: Pick<TreeRoots, 'tree' | 'open'>;

  constructor(roots: Pick<TreeRoots, 'tree' | 'open'>) {
    this.#roots = roots;
  }

  /** A page of a folder; of a file, the file alone. @param after where the page before said that the next begins; 0 for the first. */
  async list({ folder }: Pick<Image, 'folder'>, path: string, after: number): Promise<Contents> {
    const opened = await this.#roots.tree(folder);
    if (!opened.found) return opened;
    if (path.includes('\0') || Buffer.byteLength(path) > MAX_INSIDE_PATH)
      return { found: false, because: 'that is no path' };
    const { tree } = opened;
    const names = namesOf(path);
    const resolved = await resolvePath(tree, names);
    if (!resolved.found) return { found: false, because: `"${path}" is not in it` };
    if (resolved.node.kind !== 'folder') {
      const name = names.at(-1) ?? '';
      return { found: true, entries: [{ name, ...(await shown(resolved.node)) }] };
    }
    const page = await tree.entries(resolved.node, after, MAX_CONTENT_PAGE);
    const target = (node: TreeNode): Promise<string> => tree.target(node);
    const entries = await Promise.all(
      page.map(async ({ name, node }) => ({ name, ...(await shown(node, target)) })),
    );
    const last = page.at(-1);
    const isLast = page.length < MAX_CONTENT_PAGE || last === undefined;
    entries.sort((one, other) => (one.name < other.name ? -1 : 1));
    return { found: true, entries, ...(isLast ? {} : { next: last.cookie }) };
  }

  /** The caller closes it. */
  async open({ folder }: Pick<Image, 'folder'>, path: string): Promise<ContentOpened> {
    return await this.#roots.open(folder, path.replace(/^\/+/, ''));
  }
}

async function shown(
  node: TreeNode,
  target?: (node: TreeNode) => Promise<string>,
): Promise<Omit<ContentEntry, 'name'>> {
  if (node.kind === 'file') return { kind: 'file', bytes: node.size };
  if (node.kind === 'folder') return { kind: 'folder' };
  return { kind: 'link', ...(target === undefined ? {} : { target: await target(node) }) };
}
