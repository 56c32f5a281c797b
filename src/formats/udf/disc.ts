import type { ByteSource } from '../../lib/byte-source.ts';
import { DecodeError } from '../../lib/decode-error.ts';
import type { FileTree } from '../../lib/file-tree.ts';
import type { BlockAddress, LongAddress } from './addresses.ts';
import type { BlockSpace } from './block-space.ts';
import { openSpace } from './open-space.ts';
import { readExactly } from '../../lib/pieces.ts';
import { expectTag, TagId } from './tag.ts';
import { UdfTree } from './tree.ts';
import { decodeFileSet, type FileSet } from './volume-descriptors.ts';
import { readVolumeSequence } from './volume-sequence.ts';

/** A disc, or the image of one, with the file system UDF (ECMA-167, OSTA UDF 1.02 to 2.60). */
export interface UdfDisc {
  readonly tree: FileTree;
  /** Of the logical volume, which is what systems show. */
  readonly label: string;
  /** `1.02`, `2.50`. */
  readonly revision: string;
  readonly blockBytes: number;
  /** Milliseconds since 1970; undefined where the disc does not tell. */
  readonly createdMs: number | undefined;
  /** Whether the disc is one of ISO 9660 as well, with other or the same files. */
  readonly isBridge: boolean;
}

/** Behind the area that a computer may boot from (ECMA-167 2/8.3). */
const RECOGNITION_AT = 32_768;
const RECOGNITION_BYTES = 2048;
/** Descriptors there: ISO 9660 has a handful, UDF three. */
const MAX_RECOGNISED = 32;
const ISO_9660 = 'CD001';
/** What else may stand there (ECMA-167 2/9.1). */
const RECOGNISED: readonly string[] = [ISO_9660, 'BEA01', 'NSR02', 'NSR03', 'BOOT2', 'TEA01'];
/** File sets that are looked at; only discs that are written once have more than one (UDF 2.01 §2.3.2). */
const MAX_FILE_SETS = 64;

/**
 * Reads what the disc says of itself; its files are read when they are asked for. The disc stays the caller's, who
 * closes it when the tree is not needed any more.
 *
 * @throws DecodeError when the disc is no UDF, damaged, or of a kind that is not read.
 */
export async function openUdf(disc: ByteSource): Promise<UdfDisc> {
  const sequence = await readVolumeSequence(disc);
  const { logical, primary, sectorBytes } = sequence;
  const space = await openSpace(disc, sequence);
  return {
    tree: await UdfTree.open(space, await findRoot(space, logical.fileSet)),
    label: logical.label,
    revision: `${logical.revision >> 8}.${(logical.revision & 0xff).toString(16).padStart(2, '0')}`,
    blockBytes: sectorBytes,
    createdMs: primary?.recordedMs,
    isBridge: await hasIso9660(disc, sectorBytes),
  };
}

/** The root of the file set that holds: the one of the highest number (ECMA-167 4/8.3.1). */
async function findRoot(space: BlockSpace, first: LongAddress): Promise<BlockAddress> {
  let found: FileSet | undefined;
  let next: LongAddress = first;
  for (let sets = 0; sets < MAX_FILE_SETS && next.bytes > 0; sets += 1) {
    const fields = await space.readBlock(next);
    // Behind the last set there may be a terminating descriptor, or nothing.
    if (found && fields.uint16(0) !== TagId.fileSet) break;
    expectTag(fields, TagId.fileSet, next.block);
    const set = decodeFileSet(fields);
    if (!found || set.number >= found.number) found = set;
    next = set.next.bytes > 0 ? set.next : behind(next, space.blockBytes);
  }
  if (!found) throw new DecodeError('The disc has no file set', 0);
  return found.root;
}

function behind({ block, partition, bytes }: LongAddress, blockBytes: number): LongAddress {
  return { block: block + 1, partition, bytes: Math.max(0, bytes - blockBytes) };
}

async function hasIso9660(disc: ByteSource, sectorBytes: number): Promise<boolean> {
  const step = Math.max(RECOGNITION_BYTES, sectorBytes);
  for (let index = 0; index < MAX_RECOGNISED; index += 1) {
    const name = String.fromCharCode(...(await readExactly(disc, RECOGNITION_AT + index * step + 1, 5)));
    if (!RECOGNISED.includes(name)) return false;
    if (name === ISO_9660) return true;
  }
  return false;
}
