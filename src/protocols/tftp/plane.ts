import { isIpv6 } from '../../lib/ipv6-address.ts';
import { KeptThreads, type ThreadLife } from '../../os/kept-threads.ts';
import type { Libc } from '../../os/libc.ts';
import { PlaneDoorway } from './plane-doorway.ts';
import { PlaneMappings } from './plane-mappings.ts';
import type { PlaneOrder, PlaneTidings } from './plane-messages.ts';
import { openPlaneSockets, type PlaneDataPort } from './plane-sockets.ts';
import type { TftpFaultReport, TftpServer, TftpServerOptions } from './server-options.ts';

/**
 * The fast way of TFTP: threads that own nothing but the moving of bytes. What a name means is decided here, on the
 * main thread, which also holds the sockets and the mapped files: a thread that dies costs the transfers it had, and
 * another one goes on where requests wait.
 */

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

export class TftpPlane {
  readonly #options: TftpPlaneOptions;
  readonly #mappings: PlaneMappings;
  readonly #threads: KeptThreads<PlaneOrder, PlaneTidings>;
  readonly #doorways = new Map<number, PlaneDoorway>();
  /** Under way, by thread. */
  readonly #transfers = new Map<number, number>();
  #lastDoor = 0;

  constructor(options: TftpPlaneOptions) {
    this.#options = options;
    this.#mappings = new PlaneMappings(options.libc);
    this.#threads = new KeptThreads({
      libc: options.libc,
      count: options.threads,
      name: 'plane',
      source: new URL('./plane-thread.ts', import.meta.url),
      stop: { do: 'stop' },
      first: (number) => this.#serveOrders(number),
      hear: (life, tidings) => this.#hear(life, tidings),
      gone: (life, because, pauseMs) => this.#onGone(life, because, pauseMs),
    });
    this.#threads.start();
  }

  /** Threads that died and were started again. */
  get restarts(): number {
    return this.#threads.restarts;
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
      order: (number, order) => this.#threads.order(number, order),
      closed: () => this.#doorways.delete(id),
    });
    this.#doorways.set(id, doorway);
    for (const number of this.#threads.numbers) this.#threads.order(number, serveOrder(doorway, number));
    return doorway;
  }

  /** Ends a thread as a fault of it would: for tests of what happens then. */
  async killThread(number: number): Promise<void> {
    await this.#threads.kill(number);
  }

  /** The doors are closed by their own users, before. */
  async close(): Promise<void> {
    await this.#threads.close();
  }

  #serveOrders(number: number): readonly PlaneOrder[] {
    return [...this.#doorways.values()]
      .filter((doorway) => doorway.isOpen)
      .map((doorway) => serveOrder(doorway, number));
  }

  #hear(life: ThreadLife, tidings: PlaneTidings): void {
    this.#transfers.set(
      life.number,
      tidings.doors.reduce((sum, { serving }) => sum + serving, 0),
    );
    for (const state of tidings.doors) this.#doorways.get(state.door)?.onState(life.number, state);
    for (const { mapping, times } of tidings.released) this.#mappings.takeBack(life, mapping, times);
    for (const question of tidings.questions) this.#doorways.get(question.door)?.answer(question, life);
    for (const refusal of tidings.refused) this.#doorways.get(refusal.door)?.refused(refusal);
    PlaneDoorway.tellEnds(tidings.ended, this.#doorways);
    for (const door of tidings.left) this.#doorways.get(door)?.onLeft(life.number);
    const { report } = this.#options;
    for (const { door, count, last } of tidings.dropped) this.#doorways.get(door)?.dropped(count, last);
    for (const text of tidings.failed) report('failed', new Error(text));
  }

  #onGone(life: ThreadLife, because: string, pauseMs: number | undefined): void {
    this.#mappings.takeBackAll(life);
    for (const doorway of this.#doorways.values()) doorway.onThreadGone(life.number);
    const transfersLost = this.#transfers.get(life.number) ?? 0;
    this.#transfers.delete(life.number);
    if (pauseMs === undefined) return;
    this.#options.restarted({ because, restarts: this.restarts, pauseMs, transfersLost });
  }
}

function serveOrder(doorway: PlaneDoorway, thread: number): PlaneOrder {
  return { do: 'serve', door: doorway.id, serve: doorway.orderFor(thread) };
}
