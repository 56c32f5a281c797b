import type { ByteSource } from '../../lib/byte-source.ts';
import { DecodeError } from '../../lib/decode-error.ts';
import { DiscFields } from './disc-fields.ts';

/**
 * What is read at once. The directories of a disc lie side by side in the order in which they are walked, so most of
 * them, and what continues their records, are in the piece that was read last.
 */
export const PIECE_BYTES = 64 * 1024;
/** Pieces that are kept: 2 MiB for each open disc. */
const MAX_PIECES = 32;

/** The structures of a disc, read in large pieces of which the latest are kept. */
export class DiscPieces {
  readonly #disc: ByteSource;
  /** By number; the one used last stands last. */
  readonly #pieces = new Map<number, Promise<Uint8Array>>();

  constructor(disc: ByteSource) {
    this.#disc = disc;
  }

  /** Bytes of the disc. */
  get size(): number {
    return this.#disc.size;
  }

  /**
   * @param length some pieces at most: the caller has a limit of its own.
   * @throws DecodeError where the disc ends before.
   */
  async read(offset: number, length: number): Promise<DiscFields> {
    if (offset + length > this.size)
      throw new DecodeError(`The disc ends before ${length} bytes that it names`, offset);
    const within = offset % PIECE_BYTES;
    if (within + length <= PIECE_BYTES) {
      const piece = await this.#piece((offset - within) / PIECE_BYTES);
      return new DiscFields(piece.subarray(within, within + length), offset);
    }
    const bytes = new Uint8Array(length);
    for (let filled = 0; filled < length; ) {
      const at = offset + filled;
      const from = at % PIECE_BYTES;
      const piece = await this.#piece((at - from) / PIECE_BYTES);
      const part = piece.subarray(from, from + length - filled);
      bytes.set(part, filled);
      filled += part.length;
    }
    return new DiscFields(bytes, offset);
  }

  /** What is left of the piece that `offset` lies in, but no more than up to `end`. */
  async readUpTo(offset: number, end: number): Promise<DiscFields> {
    return await this.read(offset, Math.min(end - offset, PIECE_BYTES - (offset % PIECE_BYTES)));
  }

  async #piece(number: number): Promise<Uint8Array> {
    const known = this.#pieces.get(number);
    if (known !== undefined) {
      this.#pieces.delete(number);
      this.#pieces.set(number, known);
      return await known;
    }
    const reading = this.#readPiece(number * PIECE_BYTES);
    this.#pieces.set(number, reading);
    const [oldest] = this.#pieces.keys();
    if (this.#pieces.size > MAX_PIECES && oldest !== undefined) this.#pieces.delete(oldest);
    try {
      return await reading;
    } catch (error) {
      // What could not be read once may be there the next time.
      if (this.#pieces.get(number) === reading) this.#pieces.delete(number);
      throw error;
    }
  }

  /** A source may give less at once than is asked for. */
  async #readPiece(offset: number): Promise<Uint8Array> {
    const length = Math.min(PIECE_BYTES, this.size - offset);
    const first = await this.#disc.read(offset, length);
    if (first.length === length) return first;
    const bytes = new Uint8Array(length);
    let part = first;
    for (let filled = 0; filled < length; filled += part.length) {
      if (filled > 0) part = await this.#disc.read(offset + filled, length - filled);
      if (part.length === 0) throw new DecodeError('The disc ends before its size', offset + filled);
      bytes.set(part, filled);
    }
    return bytes;
  }
}
