import type { ByteSource } from '../../lib/byte-source.ts';
import { DecodeError } from '../../lib/decode-error.ts';
import type { BlockAddress } from './addresses.ts';
import { LittleEndian } from '../../lib/little-endian.ts';
import type { Partition } from './partitions.ts';
import { addPiece, type Piece, readExactly } from '../../lib/pieces.ts';

/** Pieces of one file. What was mastered as a whole has its files in one piece, and what was written step by step in some hundred. */
const MAX_PIECES = 8_192;

/** The partitions of a logical volume, and the disc they are on. */
export class BlockSpace {
  readonly disc: ByteSource;
  readonly blockBytes: number;
  readonly #partitions: readonly Partition[];

  constructor(disc: ByteSource, blockBytes: number, partitions: readonly Partition[]) {
    this.disc = disc;
    this.blockBytes = blockBytes;
    this.#partitions = partitions;
  }

  /** Where a block is on the disc, in bytes. */
  offsetOf(address: BlockAddress): number {
    return this.#locate(address, 1).offset;
  }

  async readBlock(address: BlockAddress): Promise<LittleEndian> {
    const offset = this.offsetOf(address);
    return new LittleEndian(await readExactly(this.disc, offset, this.blockBytes), offset);
  }

  /**
   * Adds the places on the disc of bytes from a block on.
   *
   * @throws DecodeError when they are not all on the disc.
   */
  addPieces(pieces: Piece[], { block, partition }: BlockAddress, bytes: number): void {
    for (let done = 0; done < bytes; ) {
      const wanted = Math.ceil((bytes - done) / this.blockBytes);
      const run = this.#locate({ block: block + done / this.blockBytes, partition }, wanted);
      const length = Math.min(bytes - done, run.blocks * this.blockBytes);
      addPiece(pieces, { offset: run.offset, length });
      if (run.offset + length > this.disc.size)
        throw new DecodeError('A file goes on behind the end of the image', this.disc.size);
      if (pieces.length > MAX_PIECES) throw new DecodeError(`A file is in more than ${MAX_PIECES} pieces`, 0);
      done += length;
    }
  }

  #locate({ block, partition }: BlockAddress, count: number): { offset: number; blocks: number } {
    const where = this.#partitions[partition];
    if (!where) throw new DecodeError(`There is no partition ${partition}`, 0);
    if (block + count > where.blocks)
      throw new DecodeError(
        `Block ${block + count - 1} is behind the end of partition ${partition} with ${where.blocks}`,
        0,
      );
    return where.locate(block, count);
  }
}
