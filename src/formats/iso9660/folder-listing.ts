import type { Extent } from '../../lib/byte-source.ts';
import type { TreeEntry, TreeNode } from '../../lib/file-tree.ts';
import { nodeId } from './node-id.ts';

/** What every entry of a folder has. */
export interface ListedNode {
  readonly name: string;
  /** Where its first directory record begins, in bytes from the beginning of the folder. */
  readonly position: number;
  readonly size: number;
  readonly mode: number;
  readonly mtimeMs: number;
}

/** What a folder does not show, and because. */
export interface LeftOut {
  readonly because: string;
  readonly count: number;
  /** The name of the first, as far as it was read. */
  readonly first: string;
}

/** As they stand in their column. */
const Kind = { file: 0, folder: 1, link: 2 } as const;
const NO_EXTENTS: readonly Extent[] = [];
/** What one row takes in memory beside its name, roughly. */
const ROW_BYTES = 160;

/**
 * What is in one folder, in the order of the disc. A folder can have a hundred thousand entries and is kept for a
 * while, so its numbers stand in columns, and nodes are made when they are asked for.
 */
export class FolderListing {
  readonly block: number;
  /** Folders between the root and this one. */
  readonly depth: number;
  readonly #names: string[] = [];
  readonly #byName = new Map<string, number>();
  readonly #byBlock = new Map<number, number>();
  readonly #positions: number[] = [];
  readonly #kinds: number[] = [];
  readonly #sizes: number[] = [];
  readonly #modes: number[] = [];
  readonly #mtimes: number[] = [];
  /** The block of a folder, or the place of a file in one piece. */
  readonly #places: number[] = [];
  /** Of files in several pieces. */
  readonly #pieces = new Map<number, readonly Extent[]>();
  readonly #leftOut = new Map<string, { count: number; readonly first: string }>();
  #nameLetters = 0;
  /** Folders stand in it that are shown where they belong, and not here. */
  hasRelocated = false;

  constructor(block: number, depth: number) {
    this.block = block;
    this.depth = depth;
  }

  get length(): number {
    return this.#names.length;
  }

  /** In memory, roughly. */
  get weight(): number {
    return this.length * ROW_BYTES + this.#nameLetters;
  }

  get leftOut(): readonly LeftOut[] {
    return [...this.#leftOut].map(([because, { count, first }]) => ({ because, count, first }));
  }

  /** Entries come in the order of their positions, those of every kind. */
  addFile(file: ListedNode, extents: readonly Extent[]): void {
    const [first, second] = extents;
    if (!this.#isNew(file)) return;
    if (second !== undefined) this.#pieces.set(this.length, extents);
    this.#add(file, Kind.file, first?.offset ?? 0);
  }

  addLink(link: ListedNode): void {
    if (this.#isNew(link)) this.#add(link, Kind.link, 0);
  }

  /** @param block the first of the folder. */
  addFolder(folder: ListedNode, block: number): void {
    if (!this.#isNew(folder)) return;
    if (this.#byBlock.has(block)) {
      this.leaveOut('it is the same folder as another', folder.name);
      return;
    }
    this.#byBlock.set(block, this.length);
    this.#add(folder, Kind.folder, block);
  }

  #isNew({ name }: ListedNode): boolean {
    const isNew = !this.#byName.has(name);
    if (!isNew) this.leaveOut('another entry has the same name', name);
    return isNew;
  }

  #add({ name, position, size, mode, mtimeMs }: ListedNode, kind: number, place: number): void {
    this.#byName.set(name, this.length);
    this.#nameLetters += name.length;
    this.#names.push(name);
    this.#positions.push(position);
    this.#kinds.push(kind);
    this.#sizes.push(size);
    this.#modes.push(mode);
    this.#mtimes.push(mtimeMs);
    this.#places.push(place);
  }

  leaveOut(because: string, name: string): void {
    const known = this.#leftOut.get(because);
    if (known === undefined) this.#leftOut.set(because, { count: 1, first: name });
    else known.count += 1;
  }

  named(name: string): TreeNode | undefined {
    const index = this.#byName.get(name);
    return index === undefined ? undefined : this.#node(index);
  }

  /** The folder that begins at that block. */
  folder(block: number): TreeNode | undefined {
    const index = this.#byBlock.get(block);
    return index === undefined ? undefined : this.#node(index);
  }

  /** What has its record at exactly that place, and is no folder. */
  at(position: number): TreeNode | undefined {
    const index = this.#firstFrom(position);
    if (this.#positions[index] !== position || this.#kinds[index] === Kind.folder) return undefined;
    return this.#node(index);
  }

  /** The rows behind a position; the position of an entry is its cookie. */
  entries(after: number, limit: number): readonly TreeEntry[] {
    const from = this.#firstFrom(after + 1);
    const count = Math.max(0, Math.min(limit, this.length - from));
    return Array.from({ length: count }, (_, step) => {
      const index = from + step;
      return {
        name: this.#names[index] ?? '',
        node: this.#node(index),
        cookie: this.#positions[index] ?? 0,
      };
    });
  }

  #firstFrom(position: number): number {
    let [low, high] = [0, this.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#positions[middle] ?? 0) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #node(index: number): TreeNode {
    const kind = this.#kinds[index];
    const size = this.#sizes[index] ?? 0;
    const place = this.#places[index] ?? 0;
    const mode = this.#modes[index] ?? 0;
    const mtimeMs = this.#mtimes[index] ?? 0;
    if (kind === Kind.folder) return { kind: 'folder', id: nodeId(place, 0), size, mode, mtimeMs };
    const id = nodeId(this.block, this.#positions[index] ?? 0);
    if (kind === Kind.link) return { kind: 'link', id, size, mode, mtimeMs };
    const one = size === 0 ? NO_EXTENTS : [{ offset: place, length: size }];
    return { kind: 'file', id, size, mode, mtimeMs, extents: this.#pieces.get(index) ?? one };
  }
}
