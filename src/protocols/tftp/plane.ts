import type { Worker } from 'node:worker_threads';
import { isIpv6 } from '../../lib/ipv6-address.ts';
import type { Libc } from '../../os/libc.ts';
import { startThread } from '../../os/start-thread.ts';
import { PlaneDoorway } from './plane-doorway.ts';
import { PlaneMappings } from './plane-mappings.ts';
import type { PlaneBegin, PlaneOrder, PlaneTidings } from './plane-messages.ts';
import { openPlaneSockets, type PlaneDataPort } from './plane-sockets.ts';
import type { TftpFaultReport, TftpServer, TftpServerOptions } from './server-options.ts';

/**
 * The fast way of TFTP: threads that own nothing but the moving of bytes. What a name means is decided here, on the
 * main thread, which also holds the sockets and the mapped files: a thread that dies costs the transfers it had, and
 * another one goes on where requests wait.
 */

/** A thread that dies soon after its start is started again after this, doubled each time up to the longest. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5000;
/** One that has lived for this long is started again at once. */
const LONG_LIFE_MS = 1500;

export interface TftpPlaneOptions {
  readonly libc: Libc;
  readonly threads: number;
  readonly dataPort: PlaneDataPort;
  readonly report: TftpFaultReport;
  /** A thread died and will be started again. */
  readonly restarted: (restart: PlaneRestart) => void;
}

export interface PlaneRestart {
  readonly because: string;
  /** Since the plane was started. */
  readonly restarts: number;
  readonly pauseMs: number;
  readonly transfersLost: number;
}

interface PlaneThread {
  readonly number: number;
  readonly eventFd: number;
  worker: Worker | undefined;
  life: { readonly number: number; alive: boolean };
  startedMs: number;
  pauseMs: number;
  /** When it will be started again. */
  timer: NodeJS.Timeout | undefined;
  transfers: number;
}

export class TftpPlane {
  readonly #options: TftpPlaneOptions;
  readonly #mappings: PlaneMappings;
  readonly #threads: readonly PlaneThread[];
  readonly #doorways = new Map<number, PlaneDoorway>();
  #lastDoor = 0;
  #restarts = 0;
  #closed = false;

  constructor(options: TftpPlaneOptions) {
    this.#options = options;
    this.#mappings = new PlaneMappings(options.libc);
    this.#threads = Array.from({ length: options.threads }, (_, number) => ({
      number,
      eventFd: options.libc.eventDescriptor(),
      worker: undefined,
      life: { number, alive: false },
      startedMs: 0,
      pauseMs: 0,
      timer: undefined,
      transfers: 0,
    }));
    for (const thread of this.#threads) this.#start(thread);
  }

  /** Threads that died and were started again. */
  get restarts(): number {
    return this.#restarts;
  }

  /** Files that are mapped now. */
  get mappings(): number {
    return this.#mappings.size;
  }

  /** Rejects as the system does when a port cannot be had; and for IPv6, which its batches do not know. */
  async serve(options: TftpServerOptions): Promise<TftpServer> {
    const { libc, threads, dataPort } = this.#options;
    const { address, port } = options;
    if (isIpv6(address)) throw new RangeError(`The TFTP plane serves IPv4 alone, and not ${address}`);
    const sockets = openPlaneSockets({ libc, address, port, dataPort, threads });
    this.#lastDoor += 1;
    const id = this.#lastDoor;
    const doorway = new PlaneDoorway({
      id,
      libc,
      options: { ...options, address },
      sockets,
      mappings: this.#mappings,
      order: (number, order) => this.#order(number, order),
      closed: () => this.#doorways.delete(id),
    });
    this.#doorways.set(id, doorway);
    for (const thread of this.#threads) this.#serveAt(thread, doorway);
    return doorway;
  }

  /** Ends a thread as a fault of it would: for tests of what happens then. */
  async killThread(number: number): Promise<void> {
    const thread = this.#threads[number];
    const ended = thread?.worker?.terminate();
    if (thread) this.#options.libc.signal(thread.eventFd);
    await ended;
  }

  /** The doors are closed by their own users, before. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(
      this.#threads.map(async (thread) => {
        clearTimeout(thread.timer);
        const { worker } = thread;
        if (worker) {
          const exited = new Promise((resolve) => worker.once('exit', resolve));
          this.#order(thread.number, { do: 'stop' });
          await exited;
        }
        this.#options.libc.close(thread.eventFd);
      }),
    );
  }

  #start(thread: PlaneThread): void {
    const begin: PlaneBegin = { eventFd: thread.eventFd };
    const source = new URL('./plane-thread.ts', import.meta.url);
    const worker = startThread({ name: 'plane', source, begin });
    thread.worker = worker;
    thread.startedMs = performance.now();
    thread.transfers = 0;
    thread.life = { number: thread.number, alive: true };
    let because = 'it ended by itself';
    worker.on('message', (tidings: PlaneTidings) => this.#hear(thread, tidings));
    worker.on('error', (error: unknown) => {
      because = error instanceof Error ? (error.stack ?? error.message) : String(error);
    });
    worker.on('exit', () => this.#onExit(thread, because));
    for (const doorway of this.#doorways.values()) this.#serveAt(thread, doorway);
  }

  #serveAt(thread: PlaneThread, doorway: PlaneDoorway): void {
    if (!doorway.isOpen) return;
    const serve = doorway.orderFor(thread.number);
    this.#order(thread.number, { do: 'serve', door: doorway.id, serve });
  }

  #order(number: number, order: PlaneOrder): void {
    const thread = this.#threads[number];
    if (!thread?.worker) return;
    thread.worker.postMessage(order);
    this.#options.libc.signal(thread.eventFd);
  }

  #hear(thread: PlaneThread, tidings: PlaneTidings): void {
    thread.transfers = tidings.doors.reduce((sum, { serving }) => sum + serving, 0);
    for (const state of tidings.doors) this.#doorways.get(state.door)?.onState(thread.number, state);
    for (const { mapping, times } of tidings.released) this.#mappings.takeBack(thread.life, mapping, times);
    for (const question of tidings.questions)
      void this.#doorways.get(question.door)?.answer(question, thread.life);
    for (const refusal of tidings.refused) this.#doorways.get(refusal.door)?.refused(refusal);
    PlaneDoorway.tellEnds(tidings.ended, this.#doorways);
    for (const door of tidings.left) this.#doorways.get(door)?.onLeft(thread.number);
    const { report } = this.#options;
    for (const { door, count, last } of tidings.dropped) this.#doorways.get(door)?.dropped(count, last);
    for (const text of tidings.failed) report('failed', new Error(text));
  }

  #onExit(thread: PlaneThread, because: string): void {
    thread.worker = undefined;
    thread.life.alive = false;
    this.#mappings.takeBackAll(thread.life);
    for (const doorway of this.#doorways.values()) doorway.onThreadGone(thread.number);
    if (this.#closed) return;
    const lived = performance.now() - thread.startedMs;
    const again = Math.min(Math.max(FIRST_PAUSE_MS, 2 * thread.pauseMs), LONGEST_PAUSE_MS);
    thread.pauseMs = lived >= LONG_LIFE_MS ? 0 : again;
    this.#restarts += 1;
    const { restarts } = this;
    const { pauseMs, transfers: transfersLost } = thread;
    this.#options.restarted({ because, restarts, pauseMs, transfersLost });
    thread.timer = setTimeout(() => this.#start(thread), pauseMs);
  }
}
