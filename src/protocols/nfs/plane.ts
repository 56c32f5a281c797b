import { fstat } from 'node:fs';
import { promisify } from 'node:util';
import type { IpAddress } from '../../lib/addresses.ts';
import { isIpv6 } from '../../lib/ipv6-address.ts';
import { KeptThreads, type ThreadLife } from '../../os/kept-threads.ts';
import type { Libc } from '../../os/libc.ts';
import type { PlaneFile } from './plane-file.ts';
import type { PlaneAnswer, PlaneOrder, PlaneQuestion, PlaneTidings, SentSum } from './plane-messages.ts';
import type { RpcPeer } from './rpc.ts';
import type { NfsLimits } from './server-options.ts';
import type { Pieces } from './xdr.ts';

/**
 * The fast way of NFS over TCP: a thread that accepts connections, reads calls, and has the kernel send what READs ask for.
 * What a handle means is decided here, on the main thread, which also keeps the files open and answers all other calls. A
 * thread that dies costs the connections it had, and clients connect again by themselves.
 */

/** One thread sends what several network cards take. */
const THREADS = 1;
/** Machines that are switched on at the same time all connect at the same time. */
const BACKLOG = 1024;
/** A file that was replaced is sent as it was for so long; READs in that time cost no look at the disk. */
const VALID_MS = 2_000;

const statOf = promisify(fstat);

export interface NfsPlaneDoorOptions {
  readonly address: IpAddress;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Of a link-local address: the interface it is on. */
  readonly interfaceName?: string | undefined;
  readonly limits: NfsLimits;
  /** The reply to a call; undefined where there is none. */
  readonly answer: (call: Uint8Array, peer: Omit<RpcPeer, 'nowMs'>) => Promise<Pieces | undefined>;
  /** The file that a READ is of; undefined where the call is to be answered. */
  readonly open: (call: Uint8Array, peer: Omit<RpcPeer, 'nowMs'>) => Promise<PlaneFile | undefined>;
  readonly onRead: (file: PlaneFile, sum: Omit<SentSum, 'file'>) => void;
  readonly report: (what: 'dropped' | 'failed', error: unknown) => void;
}

export interface NfsPlaneOptions {
  readonly libc: Libc;
  readonly report: (what: 'failed', error: unknown) => void;
  /** The thread died and will be started again. */
  readonly restarted: (restart: NfsPlaneRestart) => void;
}

export interface NfsPlaneRestart {
  readonly because: string;
  /** Since the plane was started. */
  readonly restarts: number;
  readonly pauseMs: number;
  readonly connectionsLost: number;
}

export interface NfsPlaneDoor {
  readonly port: number;
  readonly connections: number;
  /** Connections that were refused. */
  readonly refused: number;
  /** Takes no new connection or call, waits for the answers under way up to `drainMs`, then ends them. */
  close(options: { readonly drainMs: number }): Promise<void>;
}

interface Door {
  readonly id: number;
  readonly options: NfsPlaneDoorOptions;
  readonly listenerFd: number;
  connections: number;
  /** By the thread that is there now, and by those before. */
  refused: number;
  refusedBefore: number;
  isOpen: boolean;
  onLeft: (() => void) | undefined;
}

interface GivenFile {
  readonly file: PlaneFile;
  readonly door: Door;
  readonly holder: ThreadLife;
}

export class NfsPlane {
  readonly #options: NfsPlaneOptions;
  readonly #threads: KeptThreads<PlaneOrder, PlaneTidings>;
  readonly #doors = new Map<number, Door>();
  readonly #given = new Map<number, GivenFile>();
  #isRunning = false;
  #lastDoor = 0;
  #lastFile = 0;

  constructor(options: NfsPlaneOptions) {
    this.#options = options;
    this.#threads = new KeptThreads({
      libc: options.libc,
      count: THREADS,
      name: 'plane-nfs',
      source: new URL('./plane-nfs-thread.ts', import.meta.url),
      stop: { do: 'stop' },
      first: () => {
        this.#isRunning = true;
        return [...this.#doors.values()].filter(({ isOpen }) => isOpen).map(serveOrder);
      },
      hear: (life, tidings) => this.#hear(life, tidings),
      gone: (life, because, pauseMs) => this.#onGone(life, because, pauseMs),
    });
    this.#threads.start();
  }

  /** Files that are open for the thread. */
  get files(): number {
    return this.#given.size;
  }

  /** @throws SystemCallError when the port cannot be had. */
  serve(options: NfsPlaneDoorOptions): NfsPlaneDoor {
    const { libc } = this.#options;
    const listenerFd = listenAt(libc, options);
    this.#lastDoor += 1;
    const door: Door = {
      id: this.#lastDoor,
      options,
      listenerFd,
      connections: 0,
      refused: 0,
      refusedBefore: 0,
      isOpen: true,
      onLeft: undefined,
    };
    this.#doors.set(door.id, door);
    this.#order(serveOrder(door));
    let closing: Promise<void> | undefined;
    return {
      port: libc.tcpPort(listenerFd),
      get connections() {
        return door.connections;
      },
      get refused() {
        return door.refusedBefore + door.refused;
      },
      close: ({ drainMs }) => (closing ??= this.#closeDoor(door, drainMs)),
    };
  }

  /** Ends the thread as a fault of it would: for tests of what happens then. */
  async killThread(): Promise<void> {
    await this.#threads.kill(0);
  }

  /** The doors are closed by their own users, before. */
  async close(): Promise<void> {
    await this.#threads.close();
    await Promise.all([...this.#given.keys()].map((number) => this.#release(number)));
  }

  #order(order: PlaneOrder): void {
    for (const number of this.#threads.numbers) this.#threads.order(number, order);
  }

  #hear(life: ThreadLife, tidings: PlaneTidings): void {
    for (const { door: id, connections, refused } of tidings.doors) {
      const door = this.#doors.get(id);
      if (door) Object.assign(door, { connections, refused });
    }
    for (const question of tidings.questions) void this.#answer(question, life);
    for (const { file, ...sum } of tidings.sums) {
      const given = this.#given.get(file);
      given?.door.options.onRead(given.file, sum);
    }
    for (const file of tidings.released) void this.#release(file);
    for (const text of tidings.dropped) this.#report('dropped', text);
    for (const text of tidings.failed) this.#report('failed', text);
    for (const id of tidings.left) this.#onLeft(id);
  }

  /** What it tells belongs to no one door, and each has the same listener. */
  #report(what: 'dropped' | 'failed', text: string): void {
    const [door] = this.#doors.values();
    if (door) door.options.report(what, new Error(text));
    else if (what === 'failed') this.#options.report(what, new Error(text));
  }

  async #answer(question: PlaneQuestion, life: ThreadLife): Promise<void> {
    const door = this.#doors.get(question.door);
    const answer = door === undefined ? { give: 'nothing' as const } : await this.#work(door, question, life);
    if (life.alive) this.#threads.order(life.number, { do: 'answer', question: question.question, answer });
    else if (answer.give === 'file') await this.#release(answer.file.number);
  }

  /** Never rejects: a call that waits for its answer would wait for ever. */
  async #work(door: Door, { call, peer, mayBeFile }: PlaneQuestion, life: ThreadLife): Promise<PlaneAnswer> {
    const { options } = door;
    try {
      const file = mayBeFile ? await this.#open(door, call, peer) : undefined;
      if (file) return this.#give(file, door, life);
      const pieces = await options.answer(call, peer);
      if (pieces === undefined) return { give: 'nothing' };
      const reply = new Uint8Array(Buffer.concat(pieces.pieces));
      pieces.sent?.();
      return { give: 'reply', reply };
    } catch (error) {
      options.report('failed', error);
      return { give: 'nothing' };
    }
  }

  /** Undefined where it is not all there: the answer then says so, whereas the thread would have promised it. */
  async #open(door: Door, call: Uint8Array, peer: Omit<RpcPeer, 'nowMs'>): Promise<PlaneFile | undefined> {
    let file: PlaneFile | undefined;
    try {
      file = await door.options.open(call, peer);
      if (file === undefined) return undefined;
      const end = file.extents.reduce((most, { offset, length }) => Math.max(most, offset + length), 0);
      if ((await statOf(file.descriptor)).size >= end) return file;
      await file.source.close();
    } catch {
      // The answer that is worked out instead comes to the same, and says what it is.
      await file?.source.close();
    }
    return undefined;
  }

  #give(file: PlaneFile, door: Door, holder: ThreadLife): PlaneAnswer {
    this.#lastFile += 1;
    const number = this.#lastFile;
    this.#given.set(number, { file, door, holder });
    const { descriptor, extents, attributes, source } = file;
    const served = { number, descriptor, extents, size: source.size, attributes };
    return { give: 'file', file: served, validMs: VALID_MS };
  }

  async #release(number: number): Promise<void> {
    const given = this.#given.get(number);
    this.#given.delete(number);
    await given?.file.source.close().catch((error: unknown) => this.#options.report('failed', error));
  }

  #onLeft(id: number): void {
    const door = this.#doors.get(id);
    if (door) door.connections = 0;
    door?.onLeft?.();
  }

  #onGone(life: ThreadLife, because: string, pauseMs: number | undefined): void {
    this.#isRunning = false;
    let connectionsLost = 0;
    for (const door of this.#doors.values()) {
      connectionsLost += door.connections;
      door.refusedBefore += door.refused;
      door.refused = 0;
      this.#onLeft(door.id);
    }
    for (const [number, { holder }] of this.#given) if (holder === life) void this.#release(number);
    if (pauseMs === undefined) return;
    this.#options.restarted({ because, restarts: this.#threads.restarts, pauseMs, connectionsLost });
  }

  async #closeDoor(door: Door, drainMs: number): Promise<void> {
    door.isOpen = false;
    const left = new Promise<void>((resolve) => {
      door.onLeft = resolve;
    });
    this.#order({ do: 'leave', door: door.id });
    const limit = setTimeout(() => this.#order({ do: 'drop', door: door.id }), drainMs);
    if (this.#isRunning) await left;
    clearTimeout(limit);
    this.#doors.delete(door.id);
    this.#options.libc.close(door.listenerFd);
  }
}

function serveOrder({ id, listenerFd, options: { address, limits } }: Door): PlaneOrder {
  const isAny = address === '0.0.0.0' || address === '::';
  const localAddress = isAny ? undefined : address;
  return { do: 'serve', door: id, serve: { listenerFd, localAddress, limits } };
}

function listenAt(libc: Libc, { address, port, interfaceName }: NfsPlaneDoorOptions): number {
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
