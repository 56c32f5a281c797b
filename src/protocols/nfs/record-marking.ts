import { DecodeError } from '../../lib/decode-error.ts';

/** Where one message ends and the next begins on a TCP connection (RFC 5531 §11). */

/** Set in the mark of a message's last fragment; the other bits are the fragment's length. */
const LAST_FRAGMENT = 0x8000_0000;
export const MARK_BYTES = 4;
/** Empty fragments mean nothing and are legal; more than these are sent by nobody who wants an answer. */
const MAX_FRAGMENTS = 256;

/** The mark of a message in a single fragment, as every reply is: iPXE knows no other. */
export function recordMark(length: number): Uint8Array {
  const mark = new Uint8Array(MARK_BYTES);
  new DataView(mark.buffer).setUint32(0, LAST_FRAGMENT + length);
  return mark;
}

/** Puts messages together from the pieces in which they arrive. It holds at most one that is not whole. */
export class RecordReader {
  readonly #mostBytes: number;
  /** What has arrived of the message, without its marks. */
  #parts: Uint8Array[] = [];
  #length = 0;
  #fragments = 0;
  /** The mark that is being read, as far as it has arrived. */
  #mark = 0;
  #markBytes = 0;
  /** Bytes that are missing of the fragment; undefined while its mark is read. */
  #missing: number | undefined;
  #isLast = false;

  /** @param mostBytes of one message. */
  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /**
   * The messages that are whole now. They may share memory with what arrived.
   *
   * @throws DecodeError for what no message of that size can begin with; the connection is of no more use then.
   */
  push(chunk: Uint8Array): readonly Uint8Array[] {
    const records: Uint8Array[] = [];
    let at = 0;
    while (at < chunk.length) {
      if (this.#missing === undefined) {
        at = this.#readMark(chunk, at);
      } else {
        const end = Math.min(chunk.length, at + this.#missing);
        this.#keep(chunk.subarray(at, end));
        this.#missing -= end - at;
        at = end;
      }
      if (this.#missing === 0) this.#endFragment(records);
    }
    // What is not whole yet is copied: else a byte of it would keep all that arrived with it in memory.
    this.#parts = this.#parts.map((part) => (part.buffer === chunk.buffer ? new Uint8Array(part) : part));
    return records;
  }

  /** A mark may itself arrive in pieces. */
  #readMark(chunk: Uint8Array, from: number): number {
    let end = from;
    for (; end < chunk.length && this.#markBytes < MARK_BYTES; end += 1) {
      this.#mark = this.#mark * 0x100 + (chunk[end] ?? 0);
      this.#markBytes += 1;
    }
    if (this.#markBytes < MARK_BYTES) return end;
    const mark = this.#mark;
    this.#mark = 0;
    this.#markBytes = 0;
    this.#isLast = mark >= LAST_FRAGMENT;
    this.#missing = mark % LAST_FRAGMENT;
    this.#fragments += 1;
    const length = this.#length + this.#missing;
    if (length > this.#mostBytes)
      throw new DecodeError(`A message of ${length} bytes or more, the most is ${this.#mostBytes}`, from);
    if (this.#fragments > MAX_FRAGMENTS)
      throw new DecodeError(`A message in more than ${MAX_FRAGMENTS} fragments`, from);
    return end;
  }

  #keep(part: Uint8Array): void {
    if (part.length === 0) return;
    this.#parts.push(part);
    this.#length += part.length;
  }

  #endFragment(records: Uint8Array[]): void {
    this.#missing = undefined;
    if (!this.#isLast) return;
    const [only, ...others] = this.#parts;
    records.push(only !== undefined && others.length === 0 ? only : joined(this.#parts, this.#length));
    this.#parts = [];
    this.#length = 0;
    this.#fragments = 0;
  }
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
