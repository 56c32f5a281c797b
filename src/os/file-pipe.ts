import { closeSync, openSync } from 'node:fs';
import type { Libc, Pipe } from './libc.ts';
import { SystemCallError } from './system-call-error.ts';
import type { ThreadDescriptors } from './thread-descriptors.ts';

/** What a pipe may hold for everybody, as Linux is delivered (fs.pipe-max-size). */
const PIPE_BYTES = 1024 * 1024;
/** Less than this fits into the pipe of sendfile(2). */
const SENDFILE_BYTES = 64 * 1024;

interface OwnPipe extends Pipe {
  /** Where what is not wanted goes. */
  readonly nowhere: number;
}

type FileCalls = Pick<Libc, 'sendFile' | 'openPipe' | 'fillPipe' | 'emptyPipe' | 'close'>;

/**
 * Sends files as sendfile(2) does, by a larger pipe: that of sendfile holds 64 KiB, and between each of these it reads the file, while
 * acknowledgements take the connection and this thread waits for it. A connection whose segments are filled (`fillSegments`) took
 * 3 to 5 % less processor time with it; one whose are not takes more.
 */
export class FilePipe {
  readonly #libc: FileCalls;
  readonly #descriptors: ThreadDescriptors;
  /** Empty between two calls. */
  #pipe: OwnPipe | undefined;

  constructor(libc: FileCalls, descriptors: ThreadDescriptors) {
    this.#libc = libc;
    this.#descriptors = descriptors;
  }

  /** As `Libc.sendFile`. */
  sendFile(fd: number, file: number, at: number, length: number): number {
    const pipe = length > SENDFILE_BYTES ? (this.#pipe ?? this.#open()) : undefined;
    if (pipe === undefined) return this.#libc.sendFile(fd, file, at, length);
    for (let sent = 0; ; ) {
      const held = this.#libc.fillPipe(pipe.input, file, at + sent, length - sent);
      // A file system may know sendfile(2) alone; and what it says then is what there is to say.
      if (held < 0 && sent === 0) return this.#libc.sendFile(fd, file, at, length);
      if (held <= 0) return sent;
      const more = sent + held < length ? 'more follows' : 'the end';
      const taken = this.#libc.emptyPipe(pipe.output, fd, held, more);
      if (taken < held) this.#throwAway(pipe, held - Math.max(0, taken));
      if (taken < 0) return sent || taken;
      sent += taken;
      if (taken < held || sent === length) return sent;
    }
  }

  free(): void {
    if (this.#pipe === undefined) return;
    const { input, output, nowhere } = this.#pipe;
    this.#pipe = undefined;
    for (const fd of [input, output, nowhere]) {
      this.#descriptors.gone(fd);
      this.#libc.close(fd);
    }
  }

  /** Undefined where there is none to be had now. */
  #open(): OwnPipe | undefined {
    let nowhere: number | undefined;
    try {
      nowhere = openSync('/dev/null', 'w');
      this.#pipe = { ...this.#libc.openPipe(PIPE_BYTES), nowhere };
    } catch (error) {
      if (nowhere !== undefined) closeSync(nowhere);
      if (!(error instanceof SystemCallError || (error instanceof Error && 'code' in error))) throw error;
      return undefined;
    }
    for (const fd of [this.#pipe.input, this.#pipe.output, nowhere]) this.#descriptors.opened(fd);
    return this.#pipe;
  }

  /** What the connection did not take is read again next time: this pipe is for other connections too. */
  #throwAway({ output, nowhere }: OwnPipe, bytes: number): void {
    for (let left = bytes; left > 0; ) {
      const gone = this.#libc.emptyPipe(output, nowhere, left, 'the end');
      // Never seen; and what stayed in it would come before the next file.
      if (gone <= 0) return this.free();
      left -= gone;
    }
  }
}
