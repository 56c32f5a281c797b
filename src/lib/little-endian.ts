import { DecodeError } from './decode-error.ts';

/** Little-endian fields at places that a format names; reading past the end is a DecodeError. */
export class LittleEndian {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #base: number;

  /** @param base where the first byte stands on the disc, so that an error can name its place there. */
  constructor(bytes: Uint8Array, base = 0) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#base = base;
  }

  get length(): number {
    return this.#bytes.length;
  }

  uint8(at: number): number {
    this.#mustHold(at, 1);
    return this.#view.getUint8(at);
  }

  uint16(at: number): number {
    this.#mustHold(at, 2);
    return this.#view.getUint16(at, true);
  }

  int16(at: number): number {
    this.#mustHold(at, 2);
    return this.#view.getInt16(at, true);
  }

  uint32(at: number): number {
    this.#mustHold(at, 4);
    return this.#view.getUint32(at, true);
  }

  /** Numbers of 2^53 and more are refused: no file and no disc has so many bytes. */
  uint64(at: number): number {
    const value = this.uint32(at + 4) * 2 ** 32 + this.uint32(at);
    if (!Number.isSafeInteger(value)) throw this.error(`The number ${value} is larger than any disc`, at);
    return value;
  }

  /** A view of the bytes there; it shares memory with the input. */
  bytes(at: number, length: number): Uint8Array {
    this.#mustHold(at, length);
    return this.#bytes.subarray(at, at + length);
  }

  /** What is wrong with the field there. */
  error(message: string, at = 0): DecodeError {
    return new DecodeError(message, this.#base + at);
  }

  #mustHold(at: number, length: number): void {
    if (at + length > this.#bytes.length)
      throw this.error(`${length} bytes were expected, ${Math.max(0, this.#bytes.length - at)} are left`, at);
  }
}
