import type { ByteSource } from '../../lib/byte-source.ts';
import { DecodeError } from '../../lib/decode-error.ts';
import { sourceOfPieces } from '../../lib/pieces.ts';
import type { FileTree, TreeEntry, TreeNode } from '../../lib/file-tree.ts';
import { decodeRecord, sectorEnd } from './directory-record.ts';
import type { DiscLayout } from './disc-layout.ts';
import { FolderCache } from './folder-cache.ts';
import { type FolderHead, readHead, rockRidgeOf } from './folder-head.ts';
import type { FolderListing, LeftOut } from './folder-listing.ts';
import { MAX_DEPTH, readFolder } from './folder-reader.ts';
import { nodeId, placeOf } from './node-id.ts';
import type { Naming } from './recorded-name.ts';
import { MAX_AREAS } from './system-use.ts';

/**
 * The files of a disc. A folder is read when somebody asks for it, and kept as long as there is room. It is believed
 * to be one only where the root leads to it: each folder names the one above it, and that one must list it. So an id
 * that somebody made up, and that leads into the middle of a file which looks like a folder, gives nothing.
 */
export class Iso9660Tree implements FileTree {
  readonly root: TreeNode;
  /** Which of the names on the disc these are. */
  readonly naming: Naming;
  readonly #source: ByteSource;
  readonly #disc: DiscLayout;
  readonly #cache = new FolderCache();
  /** Folders that are being read. */
  readonly #reading = new Map<number, Promise<FolderListing>>();

  constructor(source: ByteSource, disc: DiscLayout, root: FolderHead) {
    this.#source = source;
    this.#disc = disc;
    const { block, bytes, mode, mtimeMs } = root;
    this.naming = disc.naming;
    this.root = { kind: 'folder', id: nodeId(block, 0), size: bytes, mode, mtimeMs };
  }

  async byId(id: number): Promise<TreeNode | undefined> {
    if (id === this.root.id) return this.root;
    const place = placeOf(id);
    if (place === undefined) return undefined;
    try {
      if (place.position > 0) return (await this.#listing(place.block)).at(place.position);
      const { parentBlock } = await readHead(this.#disc, place.block);
      return (await this.#listing(parentBlock)).folder(place.block);
    } catch (error) {
      // There is no folder where the id says so.
      if (error instanceof DecodeError) return undefined;
      throw error;
    }
  }

  async child(folder: TreeNode, name: string): Promise<TreeNode | undefined> {
    return (await this.#listingOf(folder)).named(name);
  }

  async parent(node: TreeNode): Promise<TreeNode> {
    const place = placeOf(node.id);
    if (place === undefined) throw new RangeError(`No node of a disc has the id ${node.id}`);
    const above = place.position > 0 ? place.block : (await readHead(this.#disc, place.block)).parentBlock;
    const parent = await this.byId(nodeId(above, 0));
    if (parent === undefined) throw new DecodeError('A folder is in none', this.#offset(above));
    return parent;
  }

  /** @throws DecodeError for a folder with too much in it; see `leftOut` for what else is not there. */
  async entries(folder: TreeNode, after: number, limit: number): Promise<readonly TreeEntry[]> {
    return (await this.#listingOf(folder)).entries(after, limit);
  }

  /** What is in a folder on the disc and not in the tree, and because. */
  async leftOut(folder: TreeNode): Promise<readonly LeftOut[]> {
    return (await this.#listingOf(folder)).leftOut;
  }

  /** Targets can be long and are seldom asked for, so they are not kept. */
  async target(link: TreeNode): Promise<string> {
    const place = placeOf(link.id);
    if (link.kind !== 'link' || place === undefined) throw new RangeError('Only a link leads anywhere');
    const offset = this.#offset(place.block) + place.position;
    const fields = await this.#disc.pieces.readUpTo(offset, sectorEnd(offset));
    const record = decodeRecord(fields, 0, fields.length);
    const budget = { areas: MAX_AREAS, bytes: Infinity };
    const target = (await rockRidgeOf(this.#disc, fields, record, budget))?.link?.target;
    if (target === undefined) throw new DecodeError('There is no link any more', offset);
    return target;
  }

  open(file: TreeNode): Promise<ByteSource> {
    return file.kind === 'file'
      ? Promise.resolve(sourceOfPieces(this.#source, file.extents ?? []))
      : Promise.reject(new RangeError('Only a file can be opened'));
  }

  async #listingOf(folder: TreeNode): Promise<FolderListing> {
    const place = placeOf(folder.id);
    if (folder.kind !== 'folder' || place?.position !== 0)
      throw new RangeError('Only a folder has anything in it');
    return await this.#listing(place.block);
  }

  /** @throws DecodeError where there is no folder, or none that the root leads to. */
  async #listing(block: number): Promise<FolderListing> {
    const known = this.#cache.get(block);
    if (known !== undefined) return known;
    // From the folder upwards, as far as nothing is known, and then down again along what is listed.
    const path: FolderHead[] = [];
    let listing: FolderListing | undefined;
    for (let at = block; listing === undefined; ) {
      const head = await readHead(this.#disc, at);
      path.push(head);
      if (at === this.#disc.rootBlock) break;
      if (path.length > MAX_DEPTH)
        throw new DecodeError(`A folder lies more than ${MAX_DEPTH} folders deep`, this.#offset(block));
      at = head.parentBlock;
      listing = this.#cache.get(at);
    }
    for (const head of path.toReversed()) {
      if (listing !== undefined && listing.folder(head.block) === undefined)
        throw new DecodeError('The root leads to no such folder', this.#offset(head.block));
      listing = await this.#read(head, listing === undefined ? 0 : listing.depth + 1);
    }
    if (listing === undefined) throw new DecodeError('There is no folder', this.#offset(block));
    return listing;
  }

  #offset(block: number): number {
    return block * this.#disc.blockBytes;
  }

  /** Whoever wants a folder that is being read waits for the same. */
  async #read(head: FolderHead, depth: number): Promise<FolderListing> {
    const known = this.#cache.get(head.block) ?? this.#reading.get(head.block);
    if (known !== undefined) return await known;
    const reading = readFolder(this.#disc, head, depth);
    this.#reading.set(head.block, reading);
    try {
      const listing = await reading;
      this.#cache.add(listing);
      return listing;
    } finally {
      this.#reading.delete(head.block);
    }
  }
}
