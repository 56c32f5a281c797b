import type { IpAddress } from '../../lib/addresses.ts';
import type { ByteSource, Extent } from '../../lib/byte-source.ts';
import { isIpv6 } from '../../lib/ipv6-address.ts';

import { KeptThreads, type ThreadLife } from '../../os/kept-threads.ts';
import type { Libc } from '../../os/libc.ts';
import type { Validators } from './conditions.ts';
import type {
  HandedOver,
  PlaneAnswer,
  PlaneLimits,
  PlaneOrder,
  PlaneQuestion,
  PlaneTidings,
  SentFile,
  SentSum,
} from './plane-messages.ts';

/**
 * The fast way of HTTP: threads that accept connections and have the kernel send files. What a path means is decided here,
 * on the main thread, which also keeps the files open; a request that is not for a file is handed over to it with its
 * connection. A thread that dies costs the connections it had.
 */

/** Connections that wait to be accepted; Linux takes no more than `net.core.somaxconn` says, 4096 as it is delivered. */
const BACKLOG = 1024;

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
  readonly onSent?: (sent: Omit<SentFile, 'door' | 'file'>) => void;
  /** With `tell: 'sums'`. */
  readonly onSum?: (sum: Omit<SentSum, 'door' | 'file'>) => void;
}

export interface HttpPlaneDoorOptions {
  readonly address: IpAddress;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Of a link-local address: the interface it is on. */
  readonly interfaceName?: string | undefined;
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
  readonly restarted: (restart: PlaneRestart) => void;
}

export interface PlaneRestart {
  readonly because: string;
  /** Since the plane was started. */
  readonly restarts: number;
  readonly pauseMs: number;
  readonly connectionsLost: number;
}

export interface HttpPlaneDoor {
  readonly port: number;
  /** Of the plane; not those that were handed over. */
  readonly connections: number;
  /** Takes no new connection, waits for the answers under way up to `drainMs`, then ends them. */
  close(options: { readonly drainMs: number }): Promise<void>;
}

interface Door {
  readonly id: number;
  readonly options: HttpPlaneDoorOptions;
  readonly listenerFd: number;
  /** By thread. */
  readonly connections: Map<number, number>;
  /** Threads that have not left yet, while it is being closed. */
  readonly staying: Set<number>;
  isOpen: boolean;
  onAllLeft: (() => void) | undefined;
}

interface GivenFile {
  readonly file: PlaneFile;
  readonly holder: ThreadLife;
}

export class HttpPlane {
  readonly #options: HttpPlaneOptions;
  readonly #threads: KeptThreads<PlaneOrder, PlaneTidings>;
  readonly #doors = new Map<number, Door>();
  readonly #given = new Map<number, GivenFile>();
  #lastDoor = 0;
  #lastFile = 0;

  constructor(options: HttpPlaneOptions) {
    this.#options = options;
    this.#threads = new KeptThreads({
      libc: options.libc,
      count: options.threads,
      name: 'plane-http',
      source: new URL('./plane-http-thread.ts', import.meta.url),
      stop: { do: 'stop' },
      first: () => [...this.#doors.values()].filter(({ isOpen }) => isOpen).map(serveOrder),
      hear: (life, tidings) => this.#hear(life, tidings),
      gone: (life, because, pauseMs) => this.#onGone(life, because, pauseMs),
    });
    this.#threads.start();
  }

  /** Files that are open for the threads. */
  get files(): number {
    return this.#given.size;
  }

  /** @throws SystemCallError when the port cannot be had. */
  serve(options: HttpPlaneDoorOptions): HttpPlaneDoor {
    const { libc } = this.#options;
    const listenerFd = listenAt(libc, options);
    this.#lastDoor += 1;
    const door: Door = {
      id: this.#lastDoor,
      options,
      listenerFd,
      connections: new Map(),
      staying: new Set(),
      isOpen: true,
      onAllLeft: undefined,
    };
    this.#doors.set(door.id, door);
    for (const number of this.#threads.numbers) this.#threads.order(number, serveOrder(door));
    let closing: Promise<void> | undefined;
    return {
      port: libc.tcpPort(listenerFd),
      get connections() {
        return [...door.connections.values()].reduce((sum, count) => sum + count, 0);
      },
      close: ({ drainMs }) => (closing ??= this.#closeDoor(door, drainMs)),
    };
  }

  /** Ends a thread as a fault of it would: for tests of what happens then. */
  async killThread(number: number): Promise<void> {
    await this.#threads.kill(number);
  }

  /** The doors are closed by their own users, before. */
  async close(): Promise<void> {
    await this.#threads.close();
    await Promise.all([...this.#given.keys()].map((number) => this.#release(number)));
  }

  #hear(life: ThreadLife, tidings: PlaneTidings): void {
    for (const { door, connections } of tidings.doors)
      this.#doors.get(door)?.connections.set(life.number, connections);
    for (const question of tidings.questions) void this.#answer(question, life);
    for (const handedOver of tidings.handedOver) this.#adopt(handedOver);
    for (const { door: _, file, ...sent } of tidings.sent) this.#given.get(file)?.file.onSent?.(sent);
    for (const { door: _, file, ...sum } of tidings.sums) this.#given.get(file)?.file.onSum?.(sum);
    for (const file of tidings.released) void this.#release(file);
    for (const id of tidings.left) this.#onLeft(id, life.number);
    for (const text of tidings.failed) this.#options.report('failed', new Error(text));
  }

  async #answer({ question, door: id, target, client }: PlaneQuestion, life: ThreadLife): Promise<void> {
    const answer = await this.#open(id, target, client, life).catch((error: unknown): PlaneAnswer => {
      // The main thread's own answer tells the client.
      this.#options.report('failed', error);
      return { give: 'nothing' };
    });
    if (life.alive) this.#threads.order(life.number, { do: 'answer', question, answer });
    else if (answer.give === 'file') await this.#release(answer.file.number);
  }

  async #open(id: number, target: string, client: IpAddress, holder: ThreadLife): Promise<PlaneAnswer> {
    const file = await this.#doors.get(id)?.options.open(target, client);
    if (!file) return { give: 'nothing' };
    this.#lastFile += 1;
    const number = this.#lastFile;
    this.#given.set(number, { file, holder });
    const { descriptor, extents, validators, contentType, tell, validMs } = file;
    const { size } = file.source;
    return {
      give: 'file',
      validMs,
      file: { number, descriptor, extents, size, validators, contentType, tell },
    };
  }

  async #release(number: number): Promise<void> {
    const given = this.#given.get(number);
    this.#given.delete(number);
    await given?.file.source.close().catch((error: unknown) => this.#options.report('failed', error));
  }

  #adopt({ door: id, fd, bytes }: HandedOver): void {
    const door = this.#doors.get(id);
    if (door?.isOpen) door.options.adopt(fd, bytes);
    else this.#options.libc.close(fd);
  }

  #onLeft(id: number, thread: number): void {
    const door = this.#doors.get(id);
    if (!door) return;
    door.connections.delete(thread);
    door.staying.delete(thread);
    if (door.staying.size === 0) door.onAllLeft?.();
  }

  #onGone(life: ThreadLife, because: string, pauseMs: number | undefined): void {
    let connectionsLost = 0;
    for (const door of this.#doors.values()) {
      connectionsLost += door.connections.get(life.number) ?? 0;
      this.#onLeft(door.id, life.number);
    }
    for (const [number, { holder }] of this.#given) if (holder === life) void this.#release(number);
    if (pauseMs === undefined) return;
    this.#options.restarted({ because, restarts: this.#threads.restarts, pauseMs, connectionsLost });
  }

  async #closeDoor(door: Door, drainMs: number): Promise<void> {
    door.isOpen = false;
    const left = new Promise<void>((resolve) => {
      door.onAllLeft = resolve;
    });
    for (const number of this.#threads.numbers) {
      door.staying.add(number);
      this.#threads.order(number, { do: 'leave', door: door.id });
    }
    const limit = setTimeout(() => {
      for (const number of door.staying) this.#threads.order(number, { do: 'drop', door: door.id });
    }, drainMs);
    await left;
    clearTimeout(limit);
    this.#doors.delete(door.id);
    this.#options.libc.close(door.listenerFd);
  }
}

function serveOrder({ id, listenerFd, options: { prefixes, limits } }: Door): PlaneOrder {
  return { do: 'serve', door: id, serve: { listenerFd, prefixes, limits } };
}

function listenAt(libc: Libc, { address, port, interfaceName }: HttpPlaneDoorOptions): number {
  const fd = libc.socket(isIpv6(address) ? 'tcp6' : 'tcp');
  try {
    libc.setSocketOption(fd, 'SO_REUSEADDR', 1);
    const interfaceIndex = interfaceName === undefined ? undefined : libc.interfaceIndex(interfaceName);
    libc.listenTcp(fd, address, port, { interfaceIndex, backlog: BACKLOG });
    return fd;
  } catch (error) {
    libc.close(fd);
    throw error;
  }
}
