import { DecodeError } from '../../lib/decode-error.ts';
import type { TreeNode } from '../../lib/file-tree.ts';
import type { BlockAddress } from './addresses.ts';
import type { BlockSpace } from './block-space.ts';
import { contentOf } from './file-content.ts';
import { decodeFileEntry, type FileEntry, FileType } from './file-entry.ts';
import { decodeLinkTarget, MAX_LINK_BYTES } from './link-target.ts';
import { extentsOf, type Piece, readExactly, sourceOfPieces } from '../../lib/pieces.ts';

/** A node of the tree as its entry on the disc has it, and where its bytes are. */
export interface LoadedNode {
  readonly node: TreeNode;
  readonly pieces: readonly Piece[];
}

/** More places of a file are not told, as many files may be shown at once; its bytes are there by `open`. */
const MAX_TOLD_EXTENTS = 64;
/** What a file without any permission has: some writers leave the field empty. */
const MODE_WHERE_NONE = { file: 0o444, folder: 0o555, link: 0o777 } as const;

const KINDS: ReadonlyMap<number, TreeNode['kind']> = new Map([
  [FileType.folder, 'folder'],
  [FileType.file, 'file'],
  [FileType.realTimeFile, 'file'],
  // Linux takes it for a file too.
  [FileType.unspecified, 'file'],
  [FileType.link, 'link'],
]);

export const NOWHERE: BlockAddress = { block: 0xffff_ffff, partition: 0xffff };

/** The place of a file's entry is what tells it from all others, and stays. */
export function idOf({ block, partition }: BlockAddress): number {
  return partition * 2 ** 32 + block + 1;
}

export function addressOf(id: number): BlockAddress | undefined {
  if (!Number.isSafeInteger(id) || id < 1) return undefined;
  return { block: (id - 1) % 2 ** 32, partition: Math.floor((id - 1) / 2 ** 32) };
}

/** @throws DecodeError when no entry of a file, folder or link is there, or its bytes are not all on the disc. */
export async function loadNode(space: BlockSpace, address: BlockAddress): Promise<LoadedNode> {
  const entry = decodeFileEntry(await space.readBlock(address), address);
  const kind = KINDS.get(entry.type);
  if (kind === undefined) throw new DecodeError(`A file is of the type ${entry.type}`, 0);
  const pieces = await contentOf(space, address, entry);
  return { node: await nodeOf(space, { address, kind, entry, pieces }), pieces };
}

interface NodeParts {
  readonly address: BlockAddress;
  readonly kind: TreeNode['kind'];
  readonly entry: FileEntry;
  readonly pieces: readonly Piece[];
}

async function nodeOf(space: BlockSpace, { address, kind, entry, pieces }: NodeParts): Promise<TreeNode> {
  const extents = kind === 'file' && pieces.length <= MAX_TOLD_EXTENTS ? extentsOf(pieces) : undefined;
  return {
    kind,
    id: idOf(address),
    size: kind === 'link' ? new TextEncoder().encode(await readTarget(space, pieces)).length : entry.size,
    mode: entry.mode === 0 ? MODE_WHERE_NONE[kind] : entry.mode,
    mtimeMs: entry.modifiedMs ?? 0,
    ...(extents ? { extents } : {}),
  };
}

export async function readTarget(space: BlockSpace, pieces: readonly Piece[]): Promise<string> {
  const content = sourceOfPieces(space.disc, pieces);
  if (content.size > MAX_LINK_BYTES) throw new DecodeError(`A link has ${content.size} bytes`, 0);
  return decodeLinkTarget(await readExactly(content, 0, content.size));
}
