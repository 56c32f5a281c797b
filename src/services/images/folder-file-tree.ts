import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { lstat, opendir, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileTree, TreeEntry, TreeNode } from '../../lib/file-tree.ts';
import { openInsideFolder } from './folder-tree.ts';

/** Nodes whose path is remembered; the oldest are forgotten, and found again by a walk. */
const MAX_REMEMBERED = 200_000;
/** Names in one folder; the largest package pools have a quarter of it. */
const MAX_NAMES = 250_000;
/** Entries that a walk for a forgotten node looks at. */
const MAX_WALKED = 1_000_000;
/** Folders whose names are kept sorted, for a client that reads them page by page. */
const MAX_LISTINGS = 8;
/** Attributes that are asked for at once; the thread pool of Node has four threads. */
const ASKED_AT_ONCE = 16;
/** Twelve hexadecimal digits: a safe integer. */
const ID_DIGITS = 12;
const ROOT_ID = 1;

interface FolderNode extends TreeNode {
  /** Relative to the root, which is `''`. */
  readonly path: string;
}

interface Listing {
  readonly mtimeMs: number;
  readonly names: readonly { readonly name: string; readonly cookie: number }[];
}

/**
 * A folder of this server as a tree. A node's id is made of its path, so that it stays the same for as long as the
 * file has its name, also after a restart. Folders, files and links are in it; links are not followed.
 *
 * @param root absolute.
 */
export function folderFileTree(root: string): FileTree {
  return new FolderFileTree(root);
}

class FolderFileTree implements FileTree {
  readonly root: TreeNode;
  readonly #root: string;
  /** By id; no node is kept, since files change. */
  readonly #paths = new Map<number, string>();
  readonly #listings = new Map<string, Listing>();
  #walk: Promise<void> | undefined;

  constructor(root: string) {
    this.#root = root;
    const node: FolderNode = { kind: 'folder', id: ROOT_ID, size: 0, mode: 0o555, mtimeMs: 0, path: '' };
    this.root = node;
  }

  async byId(id: number): Promise<TreeNode | undefined> {
    if (id === ROOT_ID) return await this.#nodeAt('');
    if (!this.#paths.has(id)) await this.#walkOnce();
    const path = this.#paths.get(id);
    return path === undefined ? undefined : await this.#nodeAt(path);
  }

  async child(folder: TreeNode, name: string): Promise<TreeNode | undefined> {
    if (folder.kind !== 'folder' || !isName(name)) return undefined;
    return await this.#nodeAt(below(pathOf(folder), name));
  }

  async parent(node: TreeNode): Promise<TreeNode> {
    const path = pathOf(node);
    const above = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
    return (await this.#nodeAt(above)) ?? this.root;
  }

  async entries(folder: TreeNode, after: number, limit: number): Promise<readonly TreeEntry[]> {
    const path = pathOf(folder);
    const { names } = await this.#listing(path);
    const entries: TreeEntry[] = [];
    let at = firstAfter(names, after);
    while (entries.length < limit && at < names.length) {
      const some = names.slice(at, at + Math.min(ASKED_AT_ONCE, limit - entries.length));
      const nodes = await Promise.all(some.map(({ name }) => this.#nodeAt(below(path, name))));
      for (const [index, { name, cookie }] of some.entries()) {
        const node = nodes[index];
        if (node !== undefined) entries.push({ name, cookie, node });
      }
      at += some.length;
    }
    return entries;
  }

  async target(link: TreeNode): Promise<string> {
    return await readlink(await this.#place(pathOf(link)));
  }

  async open(file: TreeNode) {
    const opened = await openInsideFolder(this.#root, pathOf(file));
    if (!opened.found) throw new RangeError(opened.because);
    return opened.source;
  }

  async #nodeAt(path: string): Promise<TreeNode | undefined> {
    let stats: Stats;
    try {
      stats = await lstat(await this.#place(path));
    } catch (error) {
      if (error instanceof Error && 'code' in error) return undefined;
      throw error;
    }
    const kind = kindOf(stats);
    if (kind === undefined) return undefined;
    const node: FolderNode = {
      kind,
      id: this.#remember(path),
      size: stats.size,
      mode: stats.mode & 0o777,
      mtimeMs: stats.mtimeMs,
      path,
    };
    return node;
  }

  /** Where a path is, when all folders on the way are folders: a link among them would lead out of the tree. */
  async #place(path: string): Promise<string> {
    const cut = path.lastIndexOf('/');
    const above = cut === -1 ? '' : path.slice(0, cut);
    const real = await realpath(this.#root);
    if (path === '') return real;
    const folder = join(real, above);
    if ((await realpath(folder)) !== folder)
      throw Object.assign(new Error(`"${above}" goes through a symbolic link`), { code: 'ELOOP' });
    return join(folder, path.slice(cut + 1));
  }

  #remember(path: string): number {
    if (path === '') return ROOT_ID;
    const id = idOf(path);
    this.#paths.delete(id);
    this.#paths.set(id, path);
    if (this.#paths.size > MAX_REMEMBERED) {
      const [oldest] = this.#paths.keys();
      if (oldest !== undefined) this.#paths.delete(oldest);
    }
    return id;
  }

  async #listing(path: string): Promise<Listing> {
    const place = await this.#place(path);
    const { mtimeMs } = await lstat(place);
    const known = this.#listings.get(path);
    if (known?.mtimeMs === mtimeMs) return known;
    const listing = { mtimeMs, names: withCookies(await namesIn(place)) };
    this.#listings.delete(path);
    this.#listings.set(path, listing);
    if (this.#listings.size > MAX_LISTINGS) {
      const [oldest] = this.#listings.keys();
      if (oldest !== undefined) this.#listings.delete(oldest);
    }
    return listing;
  }

  /** Finds the paths of nodes that clients know from before a restart. */
  async #walkOnce(): Promise<void> {
    this.#walk ??= this.#walkAll().finally(() => (this.#walk = undefined));
    await this.#walk;
  }

  async #walkAll(): Promise<void> {
    const folders = [''];
    let walked = 0;
    for (let path = folders.pop(); path !== undefined; path = folders.pop()) {
      try {
        for await (const entry of await opendir(await this.#place(path))) {
          walked += 1;
          if (walked > MAX_WALKED || this.#paths.size >= MAX_REMEMBERED) return;
          if (!isName(entry.name)) continue;
          this.#remember(below(path, entry.name));
          if (entry.isDirectory()) folders.push(below(path, entry.name));
        }
      } catch (error) {
        // It went away, or may not be read.
        if (!(error instanceof Error && 'code' in error)) throw error;
      }
    }
  }
}

function pathOf(node: TreeNode): string {
  return 'path' in node && typeof node.path === 'string' ? node.path : '';
}

function below(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

function isName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\0]/.test(name);
}

function kindOf(stats: Stats): TreeNode['kind'] | undefined {
  if (stats.isDirectory()) return 'folder';
  if (stats.isFile()) return 'file';
  return stats.isSymbolicLink() ? 'link' : undefined;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { name } of await opendir(folder)) {
    if (names.length === MAX_NAMES)
      throw new RangeError(
        `"${folder}" has more than ${MAX_NAMES} entries, which is the most that is served`,
      );
    // Bytes that are no UTF-8 have no name here, and cannot be asked for.
    if (!name.includes('\uFFFD')) names.push(name);
  }
  return names;
}

/** In the order of their cookies, which come from their names: what is added or taken away moves no other entry. */
function withCookies(names: readonly string[]): Listing['names'] {
  const sorted = names
    .map((name) => ({ name, cookie: idOf(name) }))
    .sort((one, other) => one.cookie - other.cookie || (one.name < other.name ? -1 : 1));
  let last = 0;
  return sorted.map(({ name, cookie }) => {
    last = Math.max(cookie, last + 1);
    return { name, cookie: last };
  });
}

/** The place of the first with a larger cookie. */
function firstAfter(names: Listing['names'], cookie: number): number {
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((names[middle]?.cookie ?? 0) > cookie) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Greater than that of the root. */
function idOf(text: string): number {
  const digest = createHash('sha1').update(text).digest('hex');
  return Number.parseInt(digest.slice(0, ID_DIGITS), 16) + ROOT_ID + 1;
}
