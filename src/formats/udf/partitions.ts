import { DecodeError } from '../../lib/decode-error.ts';
import { lastAtMost, type Piece } from '../../lib/pieces.ts';

/** Blocks that can be named, and where on the disc they are. */
export interface Partition {
  readonly blocks: number;
  /**
   * Where blocks lie, and how many of the `count` wanted lie together there: at least one.
   *
   * @throws DecodeError when the first is not recorded anywhere.
   */
  locate(block: number, count: number): Run;
}

export interface Run {
  /** On the disc, in bytes. */
  readonly offset: number;
  readonly blocks: number;
}

/** Sectors of the disc, one behind the other. */
export function plainPartition(firstSector: number, blocks: number, blockBytes: number): Partition {
  return {
    blocks,
    locate: (block, count) => ({ offset: (firstSector + block) * blockBytes, blocks: count }),
  };
}

/**
 * A plain partition with packets that are elsewhere (UDF 2.01 §2.2.11).
 *
 * @param spared from the first block of a packet in the partition to the sector where it is.
 */
export function sparablePartition(
  plain: Partition,
  packetBlocks: number,
  spared: ReadonlyMap<number, number>,
  blockBytes: number,
): Partition {
  if (spared.size === 0) return plain;
  return {
    blocks: plain.blocks,
    locate(block, count) {
      const inside = block % packetBlocks;
      const elsewhere = spared.get(block - inside);
      const blocks = Math.min(count, packetBlocks - inside);
      if (elsewhere === undefined) return plain.locate(block, blocks);
      return { offset: (elsewhere + inside) * blockBytes, blocks };
    },
  };
}

/** A table says for each block where in the partition below it is now (UDF 2.01 §2.2.10). */
export function virtualPartition(below: Partition, table: Uint32Array): Partition {
  return {
    blocks: table.length,
    locate(block) {
      const place = table[block];
      if (place === undefined || place >= below.blocks)
        throw new DecodeError(`The virtual block ${block} is not on the disc`, 0);
      return below.locate(place, 1);
    },
  };
}

/** The bytes of a file are the blocks (UDF 2.50 §2.2.13). */
export function filePartition(pieces: readonly Piece[], blockBytes: number): Partition {
  const starts: number[] = [];
  let bytes = 0;
  for (const { length } of pieces) {
    if (length % blockBytes !== 0)
      throw new DecodeError(
        `The metadata file has ${length} bytes in one place, which are no whole blocks`,
        0,
      );
    starts.push(bytes / blockBytes);
    bytes += length;
  }
  return {
    blocks: bytes / blockBytes,
    locate(block, count) {
      const index = lastAtMost(starts, block);
      const piece = pieces[index];
      const inside = block - (starts[index] ?? 0);
      if (piece?.offset === undefined)
        throw new DecodeError(`The block ${block} of the metadata file is not recorded`, 0);
      return {
        offset: piece.offset + inside * blockBytes,
        blocks: Math.min(count, piece.length / blockBytes - inside),
      };
    },
  };
}
