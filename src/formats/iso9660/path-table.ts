import type { DiscPieces } from './disc-pieces.ts';

/** Where the path table of a tree is, whose numbers are little-endian: ECMA-119 §8.4.13 and §8.4.14. */
export interface PathTablePlace {
  readonly offset: number;
  readonly bytes: number;
}

/** Each folder names its parent with a number of 16 bits, so that more can hardly be there (ECMA-119 §9.4.4). */
const MAX_FOLDERS = 2 ** 17;
const MAX_BYTES = 4 * 2 ** 20;
/** Before the name: ECMA-119 §9.4. */
const HEAD_BYTES = 8;
const MAX_RECORD_BYTES = HEAD_BYTES + 256;

/**
 * The other place of a disc that says which folder is in which, for discs where the folders themselves do not: in
 * libisofs 1.5.4 (xorriso) every folder of Joliet and of level 4 says that it is in itself. It is read when it is
 * needed for the first time.
 */
export class PathTable {
  readonly #pieces: DiscPieces;
  readonly #place: PathTablePlace;
  #parents: Promise<ReadonlyMap<number, number>> | undefined;

  constructor(pieces: DiscPieces, place: PathTablePlace) {
    this.#pieces = pieces;
    this.#place = place;
  }

  /** The block of the folder that the one at a block is in; undefined where the table does not know. */
  async parentOf(block: number): Promise<number | undefined> {
    this.#parents ??= this.#read();
    try {
      return (await this.#parents).get(block);
    } catch (error) {
      // What could not be read once may be there the next time.
      this.#parents = undefined;
      throw error;
    }
  }

  /** A folder stands behind its parent, so that none can be in itself, however long the way (ECMA-119 §6.9.1). */
  async #read(): Promise<ReadonlyMap<number, number>> {
    const { offset, bytes } = this.#place;
    const parents = new Map<number, number>();
    const blocks: number[] = [];
    const end = Math.min(offset + Math.min(bytes, MAX_BYTES), this.#pieces.size);
    for (let at = offset; at + HEAD_BYTES <= end && blocks.length < MAX_FOLDERS; ) {
      const fields = await this.#pieces.read(at, Math.min(MAX_RECORD_BYTES, end - at));
      const nameBytes = fields.uint8(0);
      if (nameBytes === 0) break;
      const block = fields.uint32(2) + fields.uint8(1);
      const parent = blocks[fields.uint16(6) - 1];
      if (parent !== undefined && !parents.has(block) && parent !== block) parents.set(block, parent);
      blocks.push(block);
      at += HEAD_BYTES + nameBytes + (nameBytes % 2);
    }
    return parents;
  }
}
