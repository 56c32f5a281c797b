/** Writes big-endian (network order) fields; grows as needed up to its named limit. */
export class ByteWriter {
  #bytes: Uint8Array;
  #length = 0;
  readonly #limit: number;

  /** @param limit the most bytes this message may have; writing more throws RangeError. */
  constructor(limit = 65_535) {
    this.#limit = limit;
    this.#bytes = new Uint8Array(Math.min(limit, 512));
  }

  get length(): number {
    return this.#length;
  }

  uint8(value: number): this {
    const at = this.#grow(1);
    this.#bytes[at] = value & 0xff;
    return this;
  }

  uint16(value: number): this {
    return this.uint8(value >>> 8).uint8(value);
  }

  uint32(value: number): this {
    return this.uint16(value >>> 16).uint16(value);
  }

  bytes(value: Uint8Array): this {
    const at = this.#grow(value.length);
    this.#bytes.set(value, at);
    return this;
  }

  text(value: string): this {
    return this.bytes(new TextEncoder().encode(value));
  }

  /** Zero bytes up to `length` bytes in all; nothing when the message is already longer. */
  padTo(length: number): this {
    if (length > this.#length) this.#grow(length - this.#length);
    return this;
  }

  /** The message as its own copy. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #grow(extra: number): number {
    const at = this.#length;
    const needed = at + extra;
    if (needed > this.#limit)
      throw new RangeError(`The message would have ${needed} bytes, the limit is ${this.#limit}`);
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(Math.min(this.#limit, Math.max(needed, this.#bytes.length * 2)));
      larger.set(this.#bytes.subarray(0, at));
      this.#bytes = larger;
    }
    this.#length = needed;
    return at;
  }
}
