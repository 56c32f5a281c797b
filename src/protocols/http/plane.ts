import type { IpAddress } from '../../lib/addresses.ts';
import type { ByteSource, Extent } from '../../lib/byte-source.ts';
import { type DoorsRestart, type KeptDoor, KeptDoors } from '../../os/doors/kept-doors.ts';
import type { Libc } from '../../os/libc.ts';
import type { ListeningAt } from '../../os/listen-tcp.ts';
import type { Validators } from './conditions.ts';
import type {
  HandedOver,
  PlaneAnswer,
  PlaneLimits,
  PlaneQuestion,
  PlaneTalk,
  PlaneTidings,
  SentFile,
  SentSum,
} from './plane-messages.ts';

/** A file that may go to whoever asks. */
export interface PlaneFile {
  /** Stays open until nobody needs it any more, and is closed then. */
  readonly source: ByteSource;
  readonly descriptor: number;
  /** Where its bytes are there, in order. */
  readonly extents: readonly Extent[];
  readonly validators: Validators;
  readonly contentType: string;
  readonly tell: 'each' | 'sums';
  /** How long the path leads to this file without being asked about again. */
  readonly validMs: number;
  /** With `tell: 'each'`. */
  readonly onSent?: (sent: Omit<SentFile, 'file'>) => void;
  /** With `tell: 'sums'`. */
  readonly onSum?: (sum: Omit<SentSum, 'file'>) => void;
}

export interface HttpPlaneDoorOptions extends ListeningAt {
  /** Paths that may be files; all else is handed over at once. */
  readonly prefixes: readonly string[];
  readonly limits: PlaneLimits;
  /** Undefined where the main thread answers the request. */
  readonly open: (target: string, client: IpAddress) => Promise<PlaneFile | undefined>;
  /** A connection whose next request is for the main thread, and what was read of it. */
  readonly adopt: (fd: number, bytes: Uint8Array) => void;
}

export interface HttpPlaneOptions {
  readonly libc: Libc;
  readonly threads: number;
  readonly report: (what: 'failed', error: unknown) => void;
  /** A thread died and will be started again. */
  readonly restarted: (restart: DoorsRestart) => void;
}

/**
 * The fast way of HTTP: threads that accept connections and have the kernel send files. What a path means is decided here,
 * on the main thread, which also keeps the files open; a request that is not for a file is handed over to it with its
 * connection.
 */
export class HttpPlane {
  readonly #options: HttpPlaneOptions;
  readonly #doors: KeptDoors<HttpPlaneDoorOptions, PlaneFile, PlaneTalk>;

  constructor(options: HttpPlaneOptions) {
    const { libc, threads, report, restarted } = options;
    this.#options = options;
    this.#doors = new KeptDoors({
      libc,
      threads,
      name: 'plane-http',
      source: new URL('./plane-http-thread.ts', import.meta.url),
      serve: ({ prefixes, limits }, listenerFd) => ({ listenerFd, prefixes, limits }),
      answer: (question, door, give) => this.#answer(question, door, give),
      hear: (tidings) => this.#hear(tidings),
      failed: (error) => report('failed', error),
      restarted,
    });
  }

  /** Files that are open for the threads. */
  get files(): number {
    return this.#doors.files.size;
  }

  /** @throws SystemCallError when the port cannot be had. */
  serve(options: HttpPlaneDoorOptions): KeptDoor {
    return this.#doors.serve(options);
  }

  /** Ends a thread as a fault of it would: for tests of what happens then. */
  async killThread(number: number): Promise<void> {
    await this.#doors.killThread(number);
  }

  /** The doors are closed by their own users, before. */
  async close(): Promise<void> {
    await this.#doors.close();
  }

  async #answer(
    { target, client }: PlaneQuestion,
    door: HttpPlaneDoorOptions | undefined,
    give: (file: PlaneFile) => number,
  ): Promise<PlaneAnswer> {
    try {
      const file = await door?.open(target, client);
      return file ? fileAnswer(file, give(file)) : { give: 'nothing' };
    } catch (error) {
      // The main thread's own answer tells the client.
      this.#options.report('failed', error);
      return { give: 'nothing' };
    }
  }

  #hear({ handedOver, sent, sums, failed }: PlaneTidings): void {
    const { files } = this.#doors;
    for (const connection of handedOver) this.#adopt(connection);
    for (const { file, ...one } of sent) files.get(file)?.onSent?.(one);
    for (const { file, ...sum } of sums) files.get(file)?.onSum?.(sum);
    for (const text of failed) this.#options.report('failed', new Error(text));
  }

  #adopt({ door, fd, bytes }: HandedOver): void {
    const options = this.#doors.optionsOf(door);
    if (options) options.adopt(fd, bytes);
    else this.#options.libc.close(fd);
  }
}

function fileAnswer(file: PlaneFile, number: number): PlaneAnswer {
  const { source, descriptor, extents, validators, contentType, tell, validMs } = file;
  const { size } = source;
  return {
    give: 'file',
    validMs,
    file: { number, descriptor, extents, size, validators, contentType, tell },
  };
}
