import type { Extent } from '../lib/byte-source.ts';
import { EAGAIN, type Libc } from './libc.ts';

/** Given to the kernel in one call; after so many bytes in a row it is the turn of another connection. */
export const PIECE_BYTES = 1024 * 1024;
export const TURN_BYTES = 4 * PIECE_BYTES;

/** How it goes on. */
export type SendProgress =
  /** All of it is with the system. */
  | 'done'
  /** The client does not take more now, or it is the turn of another one. */
  | 'later'
  /** The system refused; `errno` says why. */
  | 'broken'
  /** The file ends before what was promised of it. */
  | 'too short';

export interface SentExtents {
  readonly descriptor: number;
  /** Where the bytes are there, in order. */
  readonly extents: readonly Extent[];
}

/** Bytes of an open file, which the kernel sends into a connection by itself (sendfile(2)). */
export class ExtentSender {
  readonly #descriptor: number;
  readonly #extents: readonly Extent[];
  readonly #start: number;
  readonly #end: number;
  #at: number;
  #errno = 0;

  /** @param part of all the bytes there. */
  constructor(
    { descriptor, extents }: SentExtents,
    part: { readonly first: number; readonly length: number },
  ) {
    this.#descriptor = descriptor;
    this.#extents = extents;
    this.#start = part.first;
    this.#at = part.first;
    this.#end = part.first + part.length;
  }

  /** The next byte that is sent, of all there. */
  get at(): number {
    return this.#at;
  }

  /** Bytes handed to the system. */
  get sent(): number {
    return this.#at - this.#start;
  }

  get isDone(): boolean {
    return this.#at >= this.#end;
  }

  /** What the system said when it refused. */
  get errno(): number {
    return this.#errno;
  }

  send(libc: Pick<Libc, 'sendFile'>, fd: number): SendProgress {
    for (let turn = 0; this.#at < this.#end; ) {
      if (turn >= TURN_BYTES) return 'later';
      const place = this.#placeOf(this.#at);
      if (place === undefined) return 'too short';
      const wanted = Math.min(place.length, this.#end - this.#at, PIECE_BYTES);
      const taken = libc.sendFile(fd, this.#descriptor, place.offset, wanted);
      if (taken === 0) return 'too short';
      if (taken < 0) {
        this.#errno = -taken;
        return taken === -EAGAIN ? 'later' : 'broken';
      }
      this.#at += taken;
      turn += taken;
    }
    return 'done';
  }

  /** Where a byte is in the file, and how many follow it there. */
  #placeOf(at: number): Extent | undefined {
    let start = 0;
    for (const { offset, length } of this.#extents) {
      if (at < start + length) return { offset: offset + at - start, length: start + length - at };
      start += length;
    }
    return undefined;
  }
}
