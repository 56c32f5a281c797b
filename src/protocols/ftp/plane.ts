import { randomInt } from 'node:crypto';
import type { IpAddress } from '../../lib/addresses.ts';
import { type EphemeralPorts, ephemeralPorts } from '../../os/ephemeral-ports.ts';
import { KeptThreads, type ThreadLife } from '../../os/kept-threads.ts';
import type { Libc } from '../../os/libc.ts';
import { interfaceIndexOf, listenTcp } from '../../os/listen-tcp.ts';
import type { DataTarget } from './data-address.ts';
import { type LinkHolder, PlaneLink } from './plane-link.ts';
import type { LinkOrder, PlaneOrder, PlaneTidings } from './plane-messages.ts';
import { firstFree, portsOf, type PortRange } from './port-range.ts';
import type { TcpConnection } from './socket.ts';

/**
 * The fast way of FTP: threads that have the data connections, and have the kernel send files. Commands are answered on the
 * main thread, which keeps the files open; it gets a data connection handed over for all that is no part of a file. A
 * thread that dies costs the data connections it had.
 */

/** Connections that may wait in the kernel for a data port, which wants one; the others are turned away at once. */
const DATA_BACKLOG = 16;
/**
 * Ports that are tried by chance before the system chooses: with thousands of connections that have just ended (TIME-WAIT), its
 * search takes half a millisecond, and was a third of all that small files cost.
 */
const CHANCES = 4;

export interface FtpPlaneOptions {
  readonly libc: Libc;
  readonly threads: number;
  readonly report: (what: 'failed', error: unknown) => void;
  /** A thread died and will be started again. */
  readonly restarted: (restart: FtpPlaneRestart) => void;
}

export interface FtpPlaneRestart {
  readonly because: string;
  /** Since the plane was started. */
  readonly restarts: number;
  readonly pauseMs: number;
  readonly transfersLost: number;
}

export interface AwaitedClient {
  /** Where it comes to. */
  readonly address: IpAddress;
  readonly interfaceName: string | undefined;
  readonly range: PortRange | undefined;
  /** The only address that may connect. */
  readonly client: IpAddress;
  /** Where the connection was asked for by `handOver`. */
  readonly onConnection: (connection: TcpConnection) => void;
  /** Told once for each port. */
  readonly onForeign: (from: IpAddress | undefined) => void;
  /** The port is closed, and nobody will come. */
  readonly onGone: () => void;
}

export class FtpPlane {
  readonly #options: FtpPlaneOptions;
  readonly #threads: KeptThreads<PlaneOrder, PlaneTidings>;
  readonly #links = new Map<number, PlaneLink>();
  readonly #holder: LinkHolder;
  /** Orders of this moment; each telling costs a thread its sleep. */
  readonly #orders = new Map<ThreadLife, LinkOrder[]>();
  #telling: NodeJS.Immediate | undefined;
  readonly #ephemeral: EphemeralPorts | undefined = ephemeralPorts();
  #lastLink = 0;

  constructor(options: FtpPlaneOptions) {
    this.#options = options;
    this.#threads = new KeptThreads({
      libc: options.libc,
      count: options.threads,
      name: 'plane-ftp',
      source: new URL('./plane-ftp-thread.ts', import.meta.url),
      stop: { do: 'stop thread' },
      first: () => [],
      hear: (_, tidings) => this.#hear(tidings),
      gone: (life, because, pauseMs) => this.#onGone(life, because, pauseMs),
    });
    this.#holder = {
      order: (life, order) => this.#order(life, order),
      forget: ({ id }) => void this.#links.delete(id),
    };
    this.#threads.start();
  }

  /** Data connections that are waited for or in use. */
  get links(): number {
    return this.#links.size;
  }

  /** A port for one connection; undefined while no thread runs. Rejects as the system does. */
  async listen(wish: AwaitedClient): Promise<PlaneLink | undefined> {
    const open = async (port: number): Promise<PlaneLink | undefined> => this.#listenAt(port, wish);
    const ports = wish.range === undefined ? this.#anyPorts() : portsOf(wish.range, randomInt);
    return await firstFree(ports, open);
  }

  /** A connection to a client, made when something is sent; undefined while no thread runs. */
  reach(target: DataTarget, from: IpAddress, interfaceName: string | undefined): PlaneLink | undefined {
    const life = this.#nextLife();
    if (!life) return undefined;
    const { address, port } = target;
    const interfaceIndex = interfaceIndexOf(this.#options.libc, address, interfaceName);
    return this.#keep(life, { port, reach: { address, port, from, interfaceIndex } });
  }

  /** Ends a thread as a fault of it would: for tests of what happens then. */
  async killThread(number: number): Promise<void> {
    await this.#threads.kill(number);
  }

  /** The servers that use it are closed before. */
  async close(): Promise<void> {
    clearImmediate(this.#telling);
    await this.#threads.close();
  }

  /** 0 is the system's choice. */
  #anyPorts(): readonly number[] {
    const own = this.#ephemeral;
    if (own === undefined) return [0];
    return [...Array.from({ length: CHANCES }, () => randomInt(own.first, own.last + 1)), 0];
  }

  #order(life: ThreadLife, order: LinkOrder): void {
    const orders = this.#orders.get(life);
    if (orders) orders.push(order);
    else this.#orders.set(life, [order]);
    this.#telling ??= setImmediate(() => this.#tellOrders());
  }

  #tellOrders(): void {
    this.#telling = undefined;
    for (const [{ number, alive }, orders] of this.#orders)
      if (alive) this.#threads.order(number, { do: 'all', orders });
    this.#orders.clear();
  }

  #listenAt(port: number, wish: AwaitedClient): PlaneLink | undefined {
    const life = this.#nextLife();
    if (!life) return undefined;
    const { libc } = this.#options;
    const { fd, port: opened } = listenTcp(libc, { ...wish, port }, DATA_BACKLOG);
    if (!this.#threads.give(life.number, fd)) {
      libc.close(fd);
      return undefined;
    }
    const link = this.#keep(life, { port: opened, wish });
    this.#holder.order(life, { do: 'await', link: link.id, listenerFd: fd, client: wish.client });
    return link;
  }

  #keep(life: ThreadLife, how: ConstructorParameters<typeof PlaneLink>[2]): PlaneLink {
    this.#lastLink += 1;
    const link = new PlaneLink(this.#lastLink, { life, holder: this.#holder }, how);
    this.#links.set(link.id, link);
    return link;
  }

  /** In turn, one that runs. */
  #nextLife(): ThreadLife | undefined {
    const { numbers } = this.#threads;
    for (let at = 1; at <= numbers.length; at += 1) {
      const life = this.#threads.life((this.#lastLink + at) % numbers.length);
      if (life) return life;
    }
    return undefined;
  }

  #hear({ ended, handedOver, foreign, progress, failed }: PlaneTidings): void {
    for (const { link, bytes } of progress) this.#links.get(link)?.onProgress(bytes);
    for (const { link, address } of foreign) this.#links.get(link)?.onForeign(address);
    for (const { link, fd } of handedOver) {
      const wanted = this.#links.get(link);
      if (wanted) wanted.onHandedOver(fd);
      else this.#options.libc.close(fd);
    }
    for (const { link, end, bytes } of ended) this.#links.get(link)?.onEnded(end, bytes);
    for (const text of failed) this.#options.report('failed', new Error(text));
  }

  #onGone(life: ThreadLife, because: string, pauseMs: number | undefined): void {
    let transfersLost = 0;
    for (const link of this.#links.values()) {
      if (link.life !== life) continue;
      if (link.isSending) transfersLost += 1;
      link.onThreadGone();
    }
    if (pauseMs === undefined) return;
    this.#options.restarted({ because, restarts: this.#threads.restarts, pauseMs, transfersLost });
  }
}
