/**
 * Messages out of a TCP stream (RFC 6587): by octet counting (§3.4.1), `LENGTH SP MESSAGE`, or each on a line of its own
 * (§3.4.2). Which it is shows in each message's first byte, as rsyslogd decides it: a digit counts, since a message
 * itself begins with `<`.
 */

/** Digits of a length; more are none. */
const MAX_LENGTH_DIGITS = 7;

const LINE_FEED = 0x0a;
const NUL = 0x00;
const SPACE = 0x20;

export interface Frame {
  readonly bytes: Uint8Array;
  /** More came than may be kept; that is thrown away. */
  readonly isCut: boolean;
}

/** Takes the stream in pieces of any size and hands on the messages that are whole. It keeps one message at most. */
export class StreamFrames {
  readonly #mostBytes: number;
  readonly #take: (frame: Frame) => void;
  #kept: Uint8Array[] = [];
  #keptBytes = 0;
  #isCut = false;
  /** Bytes of a counted message that are still to come. */
  #toCome = 0;
  #length = '';
  #inside: 'nothing' | 'length' | 'counted' | 'line' = 'nothing';

  /** @param mostBytes of one message; what is longer is cut. */
  constructor(mostBytes: number, take: (frame: Frame) => void) {
    this.#mostBytes = mostBytes;
    this.#take = take;
  }

  /** @throws RangeError when a length is none, since nothing tells then where the next message begins. */
  push(piece: Uint8Array): void {
    let at = 0;
    while (at < piece.length) at = this.#read(piece, at);
  }

  /** What came without an end, when the stream ends. */
  end(): void {
    if (this.#inside === 'line' || this.#inside === 'counted') this.#finish();
  }

  /** @returns where to go on. */
  #read(piece: Uint8Array, at: number): number {
    switch (this.#inside) {
      case 'nothing':
        return this.#begin(piece[at] ?? 0, at);
      case 'length':
        return this.#takeLength(piece[at] ?? 0, at);
      case 'counted':
        return this.#takeCounted(piece, at);
      case 'line':
        return this.#takeLine(piece, at);
      default:
        return this.#inside satisfies never;
    }
  }

  #begin(byte: number, at: number): number {
    if (byte === LINE_FEED || byte === NUL) return at + 1;
    const counts = byte >= 0x31 && byte <= 0x39;
    this.#inside = counts ? 'length' : 'line';
    this.#length = '';
    return at;
  }

  #takeLength(byte: number, at: number): number {
    if (byte >= 0x30 && byte <= 0x39 && this.#length.length < MAX_LENGTH_DIGITS) {
      this.#length += String.fromCharCode(byte);
      return at + 1;
    }
    if (byte !== SPACE)
      throw new RangeError(`A message's length begins with "${this.#length}" and is no number`);
    this.#toCome = Number(this.#length);
    this.#inside = 'counted';
    if (this.#toCome === 0) this.#finish();
    return at + 1;
  }

  #takeCounted(piece: Uint8Array, at: number): number {
    const end = Math.min(piece.length, at + this.#toCome);
    this.#keep(piece.subarray(at, end));
    this.#toCome -= end - at;
    if (this.#toCome === 0) this.#finish();
    return end;
  }

  #takeLine(piece: Uint8Array, at: number): number {
    let end = at;
    while (end < piece.length && piece[end] !== LINE_FEED && piece[end] !== NUL) end += 1;
    this.#keep(piece.subarray(at, end));
    if (end === piece.length) return end;
    this.#finish();
    return end + 1;
  }

  #keep(bytes: Uint8Array): void {
    const room = this.#mostBytes - this.#keptBytes;
    if (bytes.length > room) this.#isCut = true;
    // Not slice, which of a Buffer is no copy: the piece is the caller's again.
    const kept = Uint8Array.from(bytes.subarray(0, room));
    if (kept.length === 0) return;
    this.#kept.push(kept);
    this.#keptBytes += kept.length;
  }

  #finish(): void {
    const bytes = new Uint8Array(this.#keptBytes);
    let at = 0;
    for (const piece of this.#kept) {
      bytes.set(piece, at);
      at += piece.length;
    }
    const frame = { bytes, isCut: this.#isCut };
    this.#kept = [];
    this.#keptBytes = 0;
    this.#isCut = false;
    this.#inside = 'nothing';
    this.#take(frame);
  }
}
