import { type SendProgress, TURN_BYTES } from '../../os/extent-sender.ts';
import { FullSegments } from '../../os/full-segments.ts';
import { EAGAIN, type Libc, type NativeMemory } from '../../os/libc.ts';
import { type FilePart, placeOfByte } from './plane-files.ts';

type Piece = Uint8Array | FilePart;

interface Item {
  readonly piece: Piece;
  /** Of the last piece of a reply: called when the system has all of it. */
  readonly taken: (() => void) | undefined;
}

/** Memory to send from, and its bytes. */
export interface Scratch {
  readonly memory: NativeMemory;
  readonly bytes: Uint8Array;
}

/** Replies on their way into one connection: bytes, and parts of files, which the kernel takes by itself. */
export class PlaneOutbox {
  readonly #items: Item[] = [];
  readonly #over: (part: FilePart, how: 'sent' | 'left out') => void;
  readonly #segments = new FullSegments();
  /** What the system has of the first piece. */
  #sent = 0;

  /** @param over told of each part of a file once, when nothing more of it will be sent. */
  constructor(over: (part: FilePart, how: 'sent' | 'left out') => void) {
    this.#over = over;
  }

  get isEmpty(): boolean {
    return this.#items.length === 0;
  }

  /** The file that is being sent, if one is. */
  get file(): FilePart['file'] | undefined {
    const piece = this.#items[0]?.piece;
    return piece === undefined || piece instanceof Uint8Array ? undefined : piece.file;
  }

  add(pieces: readonly Piece[], taken: () => void): void {
    for (const [at, piece] of pieces.entries())
      this.#items.push({ piece, taken: at === pieces.length - 1 ? taken : undefined });
  }

  send(libc: Libc, fd: number, scratch: Scratch): SendProgress {
    for (let turn = 0; ; ) {
      const first = this.#items[0];
      if (first === undefined) {
        this.#segments.end(libc, fd);
        return 'done';
      }
      if (turn >= TURN_BYTES) return 'later';
      const count =
        first.piece instanceof Uint8Array
          ? this.#sendBytes(libc, fd, scratch)
          : this.#sendFile(libc, fd, first.piece);
      if (count === 'too short') return count;
      if (count < 0) return count === -EAGAIN ? 'later' : 'broken';
      this.#advance(count);
      turn += count;
    }
  }

  /** Nothing more is sent. */
  close(): void {
    for (const { piece } of this.#items.splice(0))
      if (!(piece instanceof Uint8Array)) this.#over(piece, 'left out');
  }

  /** As many pieces of bytes at once as fit, of several replies too. */
  #sendBytes(libc: Libc, fd: number, { memory, bytes }: Scratch): number {
    let length = 0;
    let more = false;
    for (let at = 0; ; at += 1) {
      const piece = this.#items[at]?.piece;
      if (piece === undefined) break;
      const isBytes = piece instanceof Uint8Array;
      if (!isBytes || length === bytes.length) {
        more = true;
        break;
      }
      const from = at === 0 ? this.#sent : 0;
      const part = piece.subarray(from, from + bytes.length - length);
      bytes.set(part, length);
      length += part.length;
      if (from + part.length < piece.length) {
        more = true;
        break;
      }
    }
    return libc.sendFrom(fd, memory, 0, length, more ? 'more follows' : 'the end');
  }

  #sendFile(libc: Libc, fd: number, { file, at, length }: FilePart): number | 'too short' {
    const place = placeOfByte(file, at + this.#sent);
    if (place === undefined) return 'too short';
    const left = length - this.#sent;
    this.#segments.begin(libc, fd, left);
    const wanted = Math.min(place.length, left, TURN_BYTES);
    return libc.sendFile(fd, file.descriptor, place.offset, wanted) || 'too short';
  }

  #advance(count: number): void {
    this.#sent += count;
    for (;;) {
      const first = this.#items[0];
      if (first === undefined || this.#sent < first.piece.length) return;
      this.#sent -= first.piece.length;
      this.#items.shift();
      if (!(first.piece instanceof Uint8Array)) this.#over(first.piece, 'sent');
      first.taken?.();
    }
  }
}
