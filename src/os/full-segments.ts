import type { Libc } from './libc.ts';

/**
 * Bytes of a file from which on it is worth it: with 128 KiB the two system calls and the segment that is sent at the end cost
 * more than they spare.
 */
const HELD_FROM_BYTES = 256 * 1024;

/**
 * Has the kernel hold back what fills no segment while more of a file follows (TCP_CORK, tcp(7)). sendfile(2) hands over 64 KiB
 * at a time, which is no whole number of segments, and each acknowledgement that comes in between sends the rest: a third
 * of all packets were such rests. READs of 1 MiB out of a disc image, where every other file begins in the middle of a page,
 * took 1.6 times the processor time of those from a folder, and take the same since. Not for long streams: a file of 1 GiB over
 * FTP took 1.5 to 2 times the processor time with it.
 */
export class FullSegments {
  #isHeld = false;

  /** @param bytes of the file that are still to be sent. */
  begin(libc: Pick<Libc, 'setSocketOption'>, fd: number, bytes: number): void {
    if (this.#isHeld || bytes < HELD_FROM_BYTES) return;
    libc.setSocketOption(fd, 'TCP_CORK', 1);
    this.#isHeld = true;
  }

  /** Nothing follows: what was held back is sent. */
  end(libc: Pick<Libc, 'setSocketOption'>, fd: number): void {
    if (!this.#isHeld) return;
    libc.setSocketOption(fd, 'TCP_CORK', 0);
    this.#isHeld = false;
  }
}
