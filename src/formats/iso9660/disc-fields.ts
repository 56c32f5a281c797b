import { decodeText } from '../../lib/byte-reader.ts';
import { DecodeError } from '../../lib/decode-error.ts';

/**
 * Fields of a piece of a disc, at places counted from its beginning; reading past its end is a DecodeError. Numbers
 * that stand there in both byte orders (ECMA-119 §7.2.3, §7.3.3) are read where they are little-endian: that is the
 * half Linux believes, and so the one that everybody's tools get right.
 */
export class DiscFields {
  readonly bytes: Uint8Array;
  /** Where the piece begins on the disc. */
  readonly base: number;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, base: number) {
    this.bytes = bytes;
    this.base = base;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get length(): number {
    return this.bytes.length;
  }

  uint8(at: number): number {
    this.#mustHold(at, 1);
    return this.#view.getUint8(at);
  }

  int8(at: number): number {
    this.#mustHold(at, 1);
    return this.#view.getInt8(at);
  }

  uint16(at: number): number {
    this.#mustHold(at, 2);
    return this.#view.getUint16(at, true);
  }

  uint32(at: number): number {
    this.#mustHold(at, 4);
    return this.#view.getUint32(at, true);
  }

  uint16Big(at: number): number {
    this.#mustHold(at, 2);
    return this.#view.getUint16(at, false);
  }

  /** A view; it shares memory with the piece. */
  slice(at: number, length: number): Uint8Array {
    this.#mustHold(at, length);
    return this.bytes.subarray(at, at + length);
  }

  /** UTF-8, which ASCII is; other letters become U+FFFD. */
  text(at: number, length: number): string {
    return decodeText(this.slice(at, length));
  }

  #mustHold(at: number, length: number): void {
    if (at < 0 || length < 0 || at + length > this.bytes.length)
      throw new DecodeError(`${length} bytes were expected`, this.base + at);
  }
}
