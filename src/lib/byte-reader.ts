import { DecodeError } from './decode-error.ts';

/** Reads big-endian (network order) fields from a datagram and cannot read past its end. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #offset: number;

  constructor(bytes: Uint8Array, offset = 0) {
    this.#bytes = bytes;
    this.#offset = offset;
  }

  /** Bytes from the start of the input to the next read. */
  get offset(): number {
    return this.#offset;
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  uint8(): number {
    const at = this.#take(1);
    return this.#bytes[at] ?? 0;
  }

  uint16(): number {
    const at = this.#take(2);
    return (this.#bytes[at] ?? 0) * 0x100 + (this.#bytes[at + 1] ?? 0);
  }

  uint32(): number {
    return this.uint16() * 0x1_0000 + this.uint16();
  }

  /** A view of the next `length` bytes; it shares memory with the input. */
  bytes(length: number): Uint8Array {
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  rest(): Uint8Array {
    return this.bytes(this.remaining);
  }

  skip(length: number): void {
    this.#take(length);
  }

  /** Text up to a NUL, which is consumed. Throws DecodeError when the input ends without one. */
  zeroTerminated(): string {
    const end = this.#bytes.indexOf(0, this.#offset);
    if (end === -1) throw new DecodeError('The text has no terminating NUL', this.#offset);
    const text = decodeText(this.#bytes.subarray(this.#offset, end));
    this.#offset = end + 1;
    return text;
  }

  #take(length: number): number {
    if (length < 0 || length > this.remaining) {
      throw new DecodeError(`${length} bytes were expected, ${this.remaining} are left`, this.#offset);
    }
    const at = this.#offset;
    this.#offset += length;
    return at;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: false });

/** Text as UTF-8; bytes that are not UTF-8 become U+FFFD, so that no input is refused for its letters. */
export function decodeText(bytes: Uint8Array): string {
  // Most fields of most packets are empty, and asking the decoder costs a microsecond.
  if (bytes.length === 0) return '';
  return utf8.decode(bytes);
}
