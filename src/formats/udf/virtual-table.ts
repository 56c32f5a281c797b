import { DecodeError } from '../../lib/decode-error.ts';
import type { BlockSpace } from './block-space.ts';
import { decodeFileEntry, FileType } from './file-entry.ts';
import { contentOf } from './file-content.ts';
import { LittleEndian } from '../../lib/little-endian.ts';
import { readExactly, sourceOfPieces } from '../../lib/pieces.ts';
import { decodeEntityId } from './text.ts';

/**
 * The virtual allocation table of a disc that was written step by step. Its entry is the last block that was written;
 * behind it an image may have some blocks that were only run out with, and an anchor.
 */

/** Blocks at the end of an image in which the table's entry is looked for. */
const MAX_BLOCKS_BACK = 512;
/** A million blocks: more than twice what a CD has, and real tables have one entry for each file. */
const MAX_TABLE_BYTES = 4 * 2 ** 20;
/** What UDF 1.50 §2.2.10 has behind the table. */
const OLD_NAME = '*UDF Virtual Alloc Tbl';
const OLD_TAIL_BYTES = 36;

/**
 * @param space with the partition alone that the table is for.
 * @param firstSector of that partition.
 */
export async function readVirtualTable(space: BlockSpace, firstSector: number): Promise<Uint32Array> {
  const last = Math.floor(space.disc.size / space.blockBytes) - 1 - firstSector;
  for (let block = last; block >= Math.max(0, last - MAX_BLOCKS_BACK); block -= 1) {
    try {
      return await readTableAt(space, block);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
    }
  }
  throw new DecodeError('The disc was written step by step, and its last table of blocks is not there', 0);
}

async function readTableAt(space: BlockSpace, block: number): Promise<Uint32Array> {
  const at = { block, partition: 0 };
  const entry = decodeFileEntry(await space.readBlock(at), at);
  if (entry.type !== FileType.virtualTable && entry.type !== FileType.unspecified)
    throw new DecodeError(`A file of the type ${entry.type} is no table of blocks`, 0);
  if (entry.size > MAX_TABLE_BYTES) throw new DecodeError(`The table of blocks has ${entry.size} bytes`, 0);
  const content = sourceOfPieces(space.disc, await contentOf(space, at, entry));
  const fields = new LittleEndian(await readExactly(content, 0, content.size));
  return entry.type === FileType.virtualTable
    ? numbersOf(fields, fields.uint16(0), fields.length)
    : oldTable(fields);
}

function oldTable(fields: LittleEndian): Uint32Array {
  const end = fields.length - OLD_TAIL_BYTES;
  if (end < 0 || decodeEntityId(fields.bytes(end, 32)) !== OLD_NAME)
    throw fields.error('This file is no table of blocks');
  return numbersOf(fields, 0, end);
}

function numbersOf(fields: LittleEndian, from: number, to: number): Uint32Array {
  return Uint32Array.from({ length: Math.max(0, Math.floor((to - from) / 4)) }, (_, index) =>
    fields.uint32(from + index * 4),
  );
}
