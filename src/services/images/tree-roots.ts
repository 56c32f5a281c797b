import { realpath, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { TreeReader } from '../../core/images/tree-reader.ts';
import { fileTreeReader } from '../../core/images/file-tree-reader.ts';
import type { ByteSource } from '../../lib/byte-source.ts';
import type { Clock } from '../../lib/clock.ts';
import type { FileTree, TreeNode } from '../../lib/file-tree.ts';
import { overlaidTrees } from '../../lib/overlaid-trees.ts';
import { type EfiImage, efiImageOf, openInEfiImage, readerWithEfiImage } from '../boot/efi-image.ts';
import { namesOf } from '../../lib/resolve-path.ts';
import { folderFileTree } from './folder-file-tree.ts';
import { listInsideFolder, type Listing } from './folder-listing.ts';
import { folderTree, identityOf, openInsideFolder, type Opened } from './folder-tree.ts';
import { type Disc, openDisc } from './open-disc.ts';
import { listNode, mergedListing, nodeAt } from './tree-listing.ts';

/** Discs that are open at one time without being used. */
const MAX_DISCS = 32;
/** How often it is looked whether a disc is still the same file. */
const LOOK_AGAIN_MS = 1_000;

interface KeptDisc {
  readonly disc: Disc;
  readonly efiImage: EfiImage;
  lookedAtMs: number;
  /** Files of it that are open. */
  uses: number;
  /** Its sources keep the disc open until they are closed. */
  readonly tree: FileTree;
  /** Another one took its place; it is closed when nothing of it is open. */
  isLeft: boolean;
}

type OpenDisc = Omit<KeptDisc, 'tree'>;

export type TreeFound =
  | { readonly found: true; readonly tree: FileTree }
  | { readonly found: false; readonly because: string };

export interface TreeRootsNeeds {
  readonly clock: Clock;
  /** A folder whose files take the place of those of a root, or are added to them; left out: there are none. */
  readonly overlayOf?: ((root: string) => Promise<string | undefined>) | undefined;
}

/** What is below a root of files: a folder of this server, or a disc image. A root is the absolute path of either. */
export class TreeRoots {
  readonly #clock: Clock;
  /** By path; the one used last stands last. */
  readonly #discs = new Map<string, Promise<KeptDisc | { readonly because: string }>>();
  /** By path; a tree remembers what it has shown. */
  readonly #folders = new Map<string, FileTree>();

  /** By the lower tree. */
  readonly #overlaid = new WeakMap<FileTree, FileTree>();
  readonly #overlayOf: NonNullable<TreeRootsNeeds['overlayOf']>;

  constructor({ clock, overlayOf }: TreeRootsNeeds) {
    this.#clock = clock;
    this.#overlayOf = overlayOf ?? (() => Promise.resolve(undefined));
  }

  /**
   * The caller closes the source.
   *
   * @param path relative, with `/` between names; not decoded. Empty for a disc image as a whole.
   */
  readonly open = async (root: string, path: string): Promise<Opened> => {
    const above = path === '' ? undefined : await this.#overlayOf(root);
    if (above !== undefined) {
      const opened = await openInsideFolder(above, path);
      if (opened.found) return opened;
    }
    if (await isFolder(root)) return await openInsideFolder(root, path);
    if (path === '') return await openWhole(root);
    const kept = await this.#disc(root);
    if ('because' in kept) return { found: false, because: kept.because };
    const resolved = await nodeAt(kept.disc.tree, path);
    if (!resolved.found) {
      const loader = await openInEfiImage(path, kept.efiImage);
      return loader
        ? { found: true, ...loader, source: keepOpen(kept, loader.source, undefined) }
        : { found: false, because: `"${path}" ${resolved.because}` };
    }
    const { node } = resolved;
    if (node.kind !== 'file')
      return { found: false, because: `"${path}" is a folder, and only files are served` };
    return { found: true, source: await openNode(kept, node), mtimeMs: node.mtimeMs };
  };

  /** By name. @param path empty for the root itself. */
  readonly list = async (root: string, path: string): Promise<Listing> => {
    const own = await this.#listOwn(root, path);
    const folder = await this.#overlayOf(root);
    const above = folder === undefined ? undefined : await listInsideFolder(folder, path);
    return above === undefined ? own : mergedListing(above, own);
  };

  readonly #listOwn = async (root: string, path: string): Promise<Listing> => {
    if (await isFolder(root)) return await listInsideFolder(root, path);
    const kept = await this.#disc(root);
    if ('because' in kept) return { found: false, because: kept.because };
    const resolved = await nodeAt(kept.disc.tree, path);
    if (!resolved.found || resolved.node.kind !== 'folder')
      return { found: false, because: `"${path}" is no folder here` };
    return { found: true, ...(await listNode(kept.disc.tree, resolved.node, namesOf(path))) };
  };

  /** The tree as every door shows it. */
  async tree(root: string): Promise<TreeFound> {
    const own = await this.#ownTree(root);
    const above = own.found ? await this.#overlayOf(root) : undefined;
    if (!own.found || above === undefined) return own;
    const { tree: lower } = own;
    const known = this.#overlaid.get(lower);
    const tree = known ?? overlaidTrees(this.#folderTree(above), lower);
    this.#overlaid.set(lower, tree);
    return { found: true, tree };
  }

  async #ownTree(root: string): Promise<TreeFound> {
    if (await isFolder(root)) return { found: true, tree: this.#folderTree(root) };
    const kept = await this.#disc(root);
    return 'because' in kept ? { found: false, because: kept.because } : { found: true, tree: kept.tree };
  }

  #folderTree(root: string): FileTree {
    const known = this.#folders.get(root) ?? folderFileTree(root);
    this.#folders.set(root, known);
    return known;
  }

  /** For recognition. */
  async reader(root: string): Promise<TreeReader | { readonly because: string }> {
    if (await isFolder(root)) return folderTree(root);
    const kept = await this.#disc(root);
    if ('because' in kept) return kept;
    return readerWithEfiImage(fileTreeReader(kept.tree, kept.disc.source.size), kept.efiImage);
  }

  /** What a disc says of itself; undefined for a folder, and for what cannot be opened. */
  async disc(root: string): Promise<Disc | undefined> {
    if (await isFolder(root)) return undefined;
    const kept = await this.#disc(root);
    return 'because' in kept ? undefined : kept.disc;
  }

  /** What is at that path of a disc; undefined for a folder of this server, and where nothing is. */
  async node(root: string, path: string): Promise<TreeNode | undefined> {
    if (await isFolder(root)) return undefined;
    const kept = await this.#disc(root);
    if ('because' in kept) return undefined;
    const resolved = await nodeAt(kept.disc.tree, path);
    return resolved.found ? resolved.node : undefined;
  }

  /** Nothing of them is open any more. */
  async close(): Promise<void> {
    for (const path of this.#discs.keys()) await this.#leave(path);
  }

  async #disc(path: string): Promise<KeptDisc | { readonly because: string }> {
    const known = this.#discs.get(path);
    if (known !== undefined) {
      const kept = await known;
      if (!('because' in kept) && (await this.#isSame(path, kept))) {
        this.#discs.delete(path);
        this.#discs.set(path, known);
        return kept;
      }
      if (this.#discs.get(path) === known) await this.#leave(path);
    }
    const again = this.#discs.get(path);
    if (again !== undefined) return await again;
    const opening = this.#openDisc(path);
    this.#discs.set(path, opening);
    const [oldest] = this.#discs.keys();
    if (this.#discs.size > MAX_DISCS && oldest !== undefined) await this.#leave(oldest);
    const kept = await opening;
    // What could not be opened may be there the next time.
    if ('because' in kept && this.#discs.get(path) === opening) this.#discs.delete(path);
    return kept;
  }

  async #openDisc(path: string): Promise<KeptDisc | { readonly because: string }> {
    const opened = await openDisc(path);
    if (!opened.opened) return { because: opened.because };
    const { disc } = opened;
    const lookedAtMs = this.#clock.nowMs();
    const kept = { disc, efiImage: efiImageOf(disc), lookedAtMs, uses: 0, isLeft: false };
    return Object.assign(kept, { tree: keptTree(kept) });
  }

  async #isSame(path: string, kept: KeptDisc): Promise<boolean> {
    const nowMs = this.#clock.nowMs();
    if (Math.abs(nowMs - kept.lookedAtMs) < LOOK_AGAIN_MS) return true;
    kept.lookedAtMs = nowMs;
    try {
      return identityOf(await stat(path, { bigint: true })) === kept.disc.identity;
    } catch {
      return false; // It was taken away, or may not be read any more.
    }
  }

  async #leave(path: string): Promise<void> {
    const known = await this.#discs.get(path);
    this.#discs.delete(path);
    if (known === undefined || 'because' in known) return;
    known.isLeft = true;
    await closeUnused(known);
  }
}

/** A disc image as the one file that it is, wherever a link at its name leads. */
async function openWhole(root: string): Promise<Opened> {
  try {
    const place = await realpath(root);
    return await openInsideFolder(dirname(place), basename(place));
  } catch (error) {
    return { found: false, because: `${root} cannot be opened: ${String(error)}` };
  }
}

function keptTree(kept: OpenDisc): FileTree {
  const { tree } = kept.disc;
  return {
    root: tree.root,
    byId: (id) => tree.byId(id),
    child: (folder, name) => tree.child(folder, name),
    parent: (node) => tree.parent(node),
    entries: (folder, after, limit) => tree.entries(folder, after, limit),
    target: (link) => tree.target(link),
    open: (file) => openNode(kept, file),
  };
}

async function openNode(kept: OpenDisc, node: TreeNode): Promise<ByteSource> {
  return keepOpen(kept, await kept.disc.tree.open(node), node.extents);
}

/** @param extents of the file on the disc. */
function keepOpen(kept: OpenDisc, source: ByteSource, extents: TreeNode['extents']): ByteSource {
  kept.uses += 1;
  let isOpen = true;
  const { file } = kept.disc.source;
  return {
    size: source.size,
    read: (offset, length) => source.read(offset, length),
    ...(source.readInto === undefined ? {} : { readInto: source.readInto.bind(source) }),
    ...(file !== undefined && extents !== undefined ? { parts: { file, extents } } : {}),
    async close() {
      if (!isOpen) return;
      isOpen = false;
      await source.close();
      kept.uses -= 1;
      await closeUnused(kept);
    },
  };
}

async function closeUnused({ isLeft, uses, disc }: OpenDisc): Promise<void> {
  if (isLeft && uses === 0) await disc.source.close();
}

async function isFolder(root: string): Promise<boolean> {
  try {
    return (await stat(root)).isDirectory();
  } catch {
    return false; // Whoever opens it says what is wrong with it.
  }
}
