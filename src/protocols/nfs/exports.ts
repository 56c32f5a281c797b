import type { FileTree, TreeNode } from '../../lib/file-tree.ts';
import { resolvePath } from '../../lib/resolve-path.ts';
import type { RpcCaller } from './rpc.ts';

/** What may be mounted, and where a path leads in it. */

export interface NfsExport {
  /** As it is mounted: `/images/debian`, beginning with `/` and not ending with one. */
  readonly name: string;
  /** The same for ever, also after a restart, and of no other export: handles hold it, and `fsid` is it. 32 bits. */
  readonly number: number;
  readonly tree: FileTree;
  /** Bytes in all, for `df`; 0 where nobody has counted. */
  readonly totalBytes?: number;
}

/** A client is let in, or told nothing but that it is not; the reason is for the timeline. */
export type Admission = { readonly may: true } | { readonly may: false; readonly because: string };

export interface NfsExports {
  /** The names of all that there is, as `showmount -e` prints them. */
  names(): Promise<readonly string[]>;
  /** Undefined where it went away since its name was given. */
  byName(name: string): Promise<NfsExport | undefined>;
  /** Undefined where there is none, or none any more. Asked for every call: it must be quick. */
  byNumber(number: number): Promise<NfsExport | undefined>;
  /** Whether this client may mount it. Asked at its mount alone; afterwards the handles are what lets it in. */
  admits(wanted: NfsExport, caller: RpcCaller): Promise<Admission>;
}

/** A file, folder or link of an export. */
export interface Place {
  readonly export: NfsExport;
  readonly node: TreeNode;
}

export type Walk =
  | { readonly found: true; readonly node: TreeNode }
  | { readonly found: false; readonly why: 'not there' | 'no folder'; readonly because: string };

/** The names of a path. Doubled slashes, those at the end, and `.` mean nothing. */
export function namesOfPath(path: string): readonly string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}

/** The export that a path is in, or is: the one with the longest name; and the names below it. */
export function chooseExport(
  exportNames: readonly string[],
  path: readonly string[],
): { readonly name: string; readonly below: readonly string[] } | undefined {
  let best: { readonly name: string; readonly length: number } | undefined;
  for (const name of exportNames) {
    const own = namesOfPath(name);
    const leads = own.every((part, at) => part === path[at]);
    if (leads && (best === undefined || own.length > best.length)) best = { name, length: own.length };
  }
  return best && { name: best.name, below: path.slice(best.length) };
}

/**
 * The folder that those names lead to. Links on the way are followed inside the export, since U-Boot mounts what a link
 * leads to, and installers name folders by links (`dists/stable`).
 */
export async function walkTo(tree: FileTree, names: readonly string[]): Promise<Walk> {
  const resolved = await resolvePath(tree, names);
  if (!resolved.found) return { found: false, why: 'not there', because: resolved.because };
  const { node } = resolved;
  if (node.kind === 'folder') return { found: true, node };
  return { found: false, why: 'no folder', because: 'it is a file, and only folders can be mounted' };
}
