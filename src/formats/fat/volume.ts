import type { ByteSource } from '../../lib/byte-source.ts';
import { DecodeError } from '../../lib/decode-error.ts';
import type { FileTree, TreeNode } from '../../lib/file-tree.ts';
import { LittleEndian } from '../../lib/little-endian.ts';
import { extentsOf, lastAtMost, type Piece, readExactly, sourceOfPieces } from '../../lib/pieces.ts';
import { AllocationTable } from './allocation-table.ts';
import { BOOT_SECTOR_BYTES, decodeBootSector, type FatShape } from './boot-sector.ts';
import { decodeDirectory, type Directory, type DirectoryEntry, ENTRY_BYTES } from './directory.ts';
import { type FatNode, FatTree } from './tree.ts';

/** A volume with FAT12, FAT16 or FAT32, such as the image that UEFI firmware boots from a disc. */
export interface FatVolume {
  readonly tree: FileTree;
  /** Of the volume itself, whatever was thought to be its end: but no more than there is. */
  readonly bytes: number;
  readonly kind: 'FAT12' | 'FAT16' | 'FAT32';
  readonly label: string;
}

/** A directory has 65,536 entries at most. */
const MAX_FOLDER_BYTES = 65_536 * ENTRY_BYTES;
/** Files and folders of a volume. Boot images have some hundred; a stick with a whole distribution some thousand. */
const MAX_ENTRIES = 65_536;
/** As Linux shows what may only be read. */
const MODE = { file: 0o444, folder: 0o555 } as const;
/** Entries of directories are told by their place in the volume, and there the boot sector is. */
const ROOT_ID = 1;

/**
 * Reads all directories and chains of a volume. What cannot be is left out of its folder; it stays the caller's to
 * close the volume when the tree is not needed any more. `extents` of its nodes are places in the volume.
 *
 * @throws DecodeError when this is no FAT volume, its root cannot be read, or it has more files than any boot image.
 */
export async function openFat(volume: ByteSource): Promise<FatVolume> {
  const shape = decodeBootSector(new LittleEndian(await readExactly(volume, 0, BOOT_SECTOR_BYTES)));
  const reader = new VolumeReader(volume, shape);
  const root = await reader.read();
  return {
    tree: new FatTree(volume, root, reader.nodes),
    bytes: Math.min(shape.bytes, volume.size),
    kind: `FAT${shape.kind}`,
    label: reader.label ?? shape.label,
  };
}

interface PendingFolder {
  readonly of: FatNode;
  /** Where its directory is. */
  readonly pieces: readonly Piece[];
}

class VolumeReader {
  readonly nodes = new Map<number, FatNode>();
  label: string | undefined;
  readonly #volume: ByteSource;
  readonly #shape: FatShape;
  readonly #table: AllocationTable;
  /** Folders that were found, each before those in it. */
  readonly #folders: PendingFolder[] = [];
  #seen = 0;

  constructor(volume: ByteSource, shape: FatShape) {
    this.#volume = volume;
    this.#shape = shape;
    this.#table = new AllocationTable(volume, shape);
  }

  /** Everything, level by level. */
  async read(): Promise<FatNode> {
    const root = nodeOf(
      { kind: 'folder', id: ROOT_ID, size: 0, mode: MODE.folder, mtimeMs: 0 },
      undefined,
      [],
    );
    this.nodes.set(ROOT_ID, root);
    this.#folders.push({ of: root, pieces: await this.#piecesOfRoot() });
    // The list grows while it is gone through.
    for (const folder of this.#folders) {
      const { entries, label } = await this.#readDirectory(folder);
      if (folder.of === root) this.label = label;
      await this.#readEntries(folder, entries);
    }
    return root;
  }

  #piecesOfRoot(): Promise<readonly Piece[]> {
    const { root } = this.#shape;
    return root.kind === 'area'
      ? Promise.resolve([{ offset: root.at, length: root.bytes }])
      : this.#table.piecesOfFolder(root.cluster, MAX_FOLDER_BYTES);
  }

  async #readDirectory({ pieces }: PendingFolder): Promise<Directory> {
    const content = sourceOfPieces(this.#volume, pieces);
    return decodeDirectory(await readExactly(content, 0, content.size), this.#shape.kind);
  }

  async #readEntries({ of, pieces }: PendingFolder, entries: readonly DirectoryEntry[]): Promise<void> {
    const idAt = placesIn(pieces);
    for (const entry of entries) {
      this.#seen += 1;
      if (this.#seen > MAX_ENTRIES)
        throw new DecodeError(`The volume has more than ${MAX_ENTRIES} files and folders`, 0);
      try {
        const child = await this.#readEntry(of, entry, idAt(entry.place));
        of.byName.set(entry.name, child);
        of.entries.push({ name: entry.name, node: child.node, cookie: entry.place + 1 });
        this.nodes.set(child.node.id, child);
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
        of.byName.set(entry.name, error);
      }
    }
  }

  async #readEntry(parent: FatNode, entry: DirectoryEntry, id: number): Promise<FatNode> {
    const { kind, modifiedMs: mtimeMs, cluster } = entry;
    if (kind === 'folder') {
      const folder = nodeOf({ kind, id, size: 0, mode: MODE.folder, mtimeMs }, parent, []);
      this.#folders.push({ of: folder, pieces: await this.#table.piecesOfFolder(cluster, MAX_FOLDER_BYTES) });
      return folder;
    }
    const pieces = entry.size === 0 ? [] : await this.#table.piecesOfFile(cluster, entry.size);
    const extents = extentsOf(pieces);
    const node = { kind, id, size: entry.size, mode: MODE.file, mtimeMs, ...(extents ? { extents } : {}) };
    return nodeOf(node, parent, pieces);
  }
}

function nodeOf(node: TreeNode, parent: FatNode | undefined, pieces: readonly Piece[]): FatNode {
  return { node, parent, pieces, entries: [], byName: new Map() };
}

/** Where the entries of a directory are in the volume, counted in entries. */
function placesIn(directory: readonly Piece[]): (place: number) => number {
  const starts: number[] = [];
  let bytes = 0;
  for (const { length } of directory) {
    starts.push(bytes);
    bytes += length;
  }
  return (place) => {
    const index = lastAtMost(starts, place * ENTRY_BYTES);
    const piece = directory[index]?.offset ?? 0;
    return (piece - (starts[index] ?? 0)) / ENTRY_BYTES + place;
  };
}
