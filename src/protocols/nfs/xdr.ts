import { ByteReader, decodeText } from '../../lib/byte-reader.ts';
import { ByteWriter, encodeText } from '../../lib/byte-writer.ts';
import { DecodeError } from '../../lib/decode-error.ts';

/** XDR, the way in which ONC RPC writes its values: big-endian, in units of four bytes (RFC 4506 §3). */

const UNIT = 4;
const TWO_TO_32 = 0x1_0000_0000;
/** What is written besides file contents is at most a list of exports or a page of a folder. */
const MAX_WRITTEN = 1024 * 1024;

/** Bytes of zeros behind `length` bytes, up to the next unit. */
export function paddingOf(length: number): number {
  return (UNIT - (length % UNIT)) % UNIT;
}

/** Bytes that opaque data or a string of that length takes up: its length, itself, and its padding. */
export function opaqueSize(length: number): number {
  return UNIT + length + paddingOf(length);
}

/** Throws DecodeError where the input ends, or holds something longer than is allowed there. */
export class XdrReader {
  readonly #reader: ByteReader;

  constructor(bytes: Uint8Array) {
    this.#reader = new ByteReader(bytes);
  }

  get remaining(): number {
    return this.#reader.remaining;
  }

  uint32(): number {
    return this.#reader.uint32();
  }

  /**
   * An unsigned hyper. Above 2^53 it is no longer exact, but stays as large: it then lies behind every file and
   * behind every entry of a folder, which is all that is asked of it.
   */
  uint64(): number {
    return this.#reader.uint32() * TWO_TO_32 + this.#reader.uint32();
  }

  /** @param most as the specification says: `opaque<64>`. */
  opaque(most: number): Uint8Array {
    const at = this.#reader.offset;
    const length = this.#reader.uint32();
    if (length > most) throw new DecodeError(`${length} bytes stand where at most ${most} may`, at);
    const bytes = this.#reader.bytes(length);
    // Clients were seen to leave the padding out at the very end of a call.
    this.#reader.skip(Math.min(paddingOf(length), this.#reader.remaining));
    return bytes;
  }

  fixedOpaque(length: number): Uint8Array {
    const bytes = this.#reader.bytes(length);
    this.#reader.skip(Math.min(paddingOf(length), this.#reader.remaining));
    return bytes;
  }

  text(most: number): string {
    return decodeText(this.opaque(most));
  }
}

/** A message in pieces, so that what it holds need not be copied together. */
export interface Pieces<Piece = Uint8Array> {
  /** In their order. */
  readonly pieces: readonly Piece[];
  /** To be called when nobody looks at them any more; where it is not, their memory is thrown away. */
  readonly sent?: () => void;
}

const ZEROS = new Uint8Array(UNIT);

/** What ends with large data holds it by reference: nothing of it is copied before it reaches the socket. */
export class XdrWriter {
  readonly #writer: ByteWriter;
  #tail: readonly Uint8Array[] = [];
  #sent: (() => void) | undefined;

  constructor() {
    this.#writer = new ByteWriter(MAX_WRITTEN);
  }

  uint32(value: number): this {
    this.#writer.uint32(value);
    return this;
  }

  bool(value: boolean): this {
    return this.uint32(value ? 1 : 0);
  }

  /** @param value a whole number from 0 to 2^53. */
  uint64(value: number): this {
    this.#writer.uint32(Math.floor(value / TWO_TO_32)).uint32(value % TWO_TO_32);
    return this;
  }

  fixedOpaque(bytes: Uint8Array): this {
    this.#writer.bytes(bytes);
    return this.#pad(bytes.length);
  }

  opaque(bytes: Uint8Array): this {
    return this.uint32(bytes.length).fixedOpaque(bytes);
  }

  text(value: string): this {
    return this.opaque(encodeText(value));
  }

  /**
   * Opaque data as the last thing there is: what is written after it would come before it.
   *
   * @param sent called when nobody looks at the bytes any more.
   */
  lastOpaque(bytes: Uint8Array, sent?: () => void): this {
    this.uint32(bytes.length);
    this.#sent = sent;
    const padding = paddingOf(bytes.length);
    this.#tail = padding === 0 ? [bytes] : [bytes, ZEROS.subarray(0, padding)];
    return this;
  }

  /** The first piece shares memory with the writer, which is done with it. */
  finish(): Pieces {
    const pieces = [this.#writer.finish(), ...this.#tail];
    return this.#sent === undefined ? { pieces } : { pieces, sent: this.#sent };
  }

  #pad(length: number): this {
    const padding = paddingOf(length);
    if (padding > 0) this.#writer.bytes(ZEROS.subarray(0, padding));
    return this;
  }
}
