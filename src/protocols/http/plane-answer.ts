import { ExtentSender, type SendProgress } from '../../os/extent-sender.ts';
import { EAGAIN, type Libc, type NativeMemory } from '../../os/libc.ts';
import type { FileResponse } from './file-response.ts';
import type { ServedFile } from './plane-messages.ts';

const TIMEOUT_HEAD = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

/** Memory for a head, and its bytes. */
export interface HeadScratch {
  readonly memory: NativeMemory;
  readonly bytes: Buffer;
}

/** RFC 9110 §15.5.9. Where there is no room for it the client just sees the end. */
export function sendTimeout(libc: Libc, fd: number, { memory, bytes }: HeadScratch): void {
  libc.sendFrom(fd, memory, 0, bytes.write(TIMEOUT_HEAD, 'latin1'), 'the end');
}

/** A head, and bytes of a file, on their way into one connection. */
export class PlaneAnswer {
  readonly file: ServedFile;
  readonly status: FileResponse['status'];
  readonly keepsOpen: boolean;
  readonly startedMs: number;
  /** HEAD, 304, 412 and 416 have none, and move nothing that anybody would want to read of. */
  readonly hasBody: boolean;
  /** What of the head did not fit into the connection yet, as Latin-1. */
  #head: string;
  readonly #body: ExtentSender;

  constructor(
    file: ServedFile,
    head: string,
    { status, part }: FileResponse,
    { keepsOpen, nowMs }: { readonly keepsOpen: boolean; readonly nowMs: number },
  ) {
    this.file = file;
    this.status = status;
    this.keepsOpen = keepsOpen;
    this.startedMs = nowMs;
    this.hasBody = part !== undefined;
    this.#head = head;
    this.#body = new ExtentSender(file, part ?? { first: 0, length: 0 });
  }

  /** The next byte that is sent, in the file. */
  get at(): number {
    return this.#body.at;
  }

  /** Of the body, handed to the system. */
  get sent(): number {
    return this.#body.sent;
  }

  send(libc: Libc, fd: number, scratch: HeadScratch): SendProgress {
    if (this.#head !== '') {
      const length = scratch.bytes.write(this.#head, 'latin1');
      const more = this.#body.isDone ? 'the end' : 'more follows';
      const taken = libc.sendFrom(fd, scratch.memory, 0, length, more);
      if (taken < 0) return taken === -EAGAIN ? 'later' : 'broken';
      this.#head = this.#head.slice(taken);
      if (this.#head !== '') return 'later';
    }
    return this.#body.send(libc, fd);
  }
}
