const utf8 = new TextEncoder();

/** As UTF-8. */
export function encodeText(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    // Only ASCII is as long as its text; the engine's own encoder takes longer to call than a name to copy.
    if (code > LAST_ASCII) return utf8.encode(text);
    bytes[at] = code;
  }
  return bytes;
}

const LAST_ASCII = 0x7f;

/** What is set aside at the start, in bytes; most messages fit. */
const FIRST_BYTES = 512;

/** Writes big-endian (network order) fields; grows as needed up to its named limit. */
export class ByteWriter {
  #bytes: Uint8Array;
  #length = 0;
  readonly #limit: number;

  /**
   * @param limit the most bytes this message may have; writing more throws RangeError.
   * @param memory the bytes it will most likely have, or a place for them, whatever is in it.
   */
  constructor(limit = 65_535, memory: number | Uint8Array = FIRST_BYTES) {
    this.#limit = limit;
    this.#bytes = typeof memory === 'number' ? new Uint8Array(Math.min(limit, memory)) : memory;
  }

  get length(): number {
    return this.#length;
  }

  uint8(value: number): this {
    const at = this.#grow(1);
    this.#bytes[at] = value;
    return this;
  }

  uint16(value: number): this {
    const at = this.#grow(2);
    this.#bytes[at] = value >>> 8;
    this.#bytes[at + 1] = value;
    return this;
  }

  uint32(value: number): this {
    const at = this.#grow(4);
    this.#bytes[at] = value >>> 24;
    this.#bytes[at + 1] = value >>> 16;
    this.#bytes[at + 2] = value >>> 8;
    this.#bytes[at + 3] = value;
    return this;
  }

  bytes(value: Uint8Array): this {
    const at = this.#grow(value.length);
    this.#bytes.set(value, at);
    return this;
  }

  text(value: string): this {
    return this.bytes(encodeText(value));
  }

  /** Zero bytes up to `length` bytes in all; nothing when the message is already longer. */
  padTo(length: number): this {
    if (length > this.#length) {
      const at = this.#grow(length - this.#length);
      this.#bytes.fill(0, at, length);
    }
    return this;
  }

  /** The message; it shares memory with the writer, which is done with it. */
  finish(): Uint8Array {
    return this.#length === this.#bytes.length ? this.#bytes : this.#bytes.subarray(0, this.#length);
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
