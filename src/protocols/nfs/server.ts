import type { IpAddress } from '../../lib/addresses.ts';
import { Tally } from '../../lib/tally.ts';
import type { KeptDoor } from '../../os/doors/kept-doors.ts';
import type { CallDesk, PreparedCall } from './answer-calls.ts';
import { CONNECTION_LIMITS, type Desk, ReplyMemory, RpcConnection } from './connection.ts';
import { NfsEngine, type NfsPortNumbers } from './engine.ts';
import type { NfsContext } from './nfs-context.ts';
import { NFS_PORT } from './nfs3.ts';
import type { NfsPlane } from './plane.ts';
import type { NfsLimits, NfsServer, NfsServerOptions } from './server-options.ts';
import {
  type Ends,
  listenTcp,
  openUdp,
  type TcpConnection,
  type TcpListener,
  type UdpPort,
} from './socket.ts';
import type { Pieces } from './xdr.ts';

export const NFS_LIMITS: NfsLimits = {
  ...CONNECTION_LIMITS,
  connections: 2048,
  connectionsPerAddress: 64,
  replyBytesInAll: 256 * 1024 * 1024,
  idleMs: 15 * 60_000,
  stalledMs: 60_000,
  stalledWhileWantedMs: 5_000,
  datagramsAtOnce: 64,
};
/** How often it is looked for what has been quiet for long. */
const TIDY_EVERY_MS = 1000;

/** Rejects as the system does (EADDRINUSE, EACCES, EADDRNOTAVAIL) when a port cannot be had. */
export async function serveNfs(options: NfsServerOptions): Promise<NfsServer> {
  const server = new Server(options);
  try {
    await server.listen();
  } catch (error) {
    await server.close({ drainMs: 0 });
    throw error;
  }
  return server;
}

class Server implements NfsServer {
  readonly #options: NfsServerOptions;
  readonly #limits: NfsLimits;
  readonly #engine: NfsEngine;
  readonly #calls = new Tally();
  readonly #memory: ReplyMemory;
  readonly #connections = new Map<RpcConnection, IpAddress>();
  readonly #perAddress = new Map<IpAddress, number>();
  readonly #listeners: TcpListener[] = [];
  readonly #datagramPorts: UdpPort[] = [];
  readonly #datagrams = new Set<Promise<void>>();
  #ports: NfsPortNumbers = { nfs: 0, mount: 0, portmap: undefined };
  #planeDoor: KeptDoor | undefined;
  #overloaded = 0;
  #tidying: NodeJS.Timeout | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: NfsServerOptions) {
    this.#options = options;
    this.#limits = { ...NFS_LIMITS, ...options.limits };
    this.#memory = new ReplyMemory(this.#limits.replyBytesInAll);
    this.#engine = new NfsEngine({
      ...options,
      called: (procedure, times) => this.#calls.count(procedure, times),
    });
  }

  get address(): IpAddress {
    return this.#options.address;
  }

  get ports(): NfsPortNumbers {
    return this.#ports;
  }

  get connections(): number {
    return this.#connections.size + (this.#planeDoor?.connections ?? 0);
  }

  get calls(): ReadonlyMap<string, number> {
    return this.#calls.counts;
  }

  get overloaded(): number {
    return this.#overloaded + (this.#planeDoor?.refused ?? 0);
  }

  async listen(): Promise<void> {
    const { nfs: wanted = NFS_PORT, mount, portmap } = this.#options.ports ?? {};
    const programs = mount === undefined ? (['nfs', 'mount'] as const) : (['nfs'] as const);
    const { plane } = this.#options;
    const desk = this.#engine.desk(...programs);
    const nfs = plane ? await this.#openPlane(wanted, desk, plane) : await this.#open(wanted, desk);
    this.#ports = { nfs, mount: nfs, portmap: undefined };
    if (mount !== undefined)
      this.#ports = { ...this.#ports, mount: await this.#open(mount, this.#engine.desk('mount')) };
    // Last: it tells of the others.
    if (portmap !== undefined) {
      const desk = this.#engine.portmapDesk(() => this.#ports);
      this.#ports = { ...this.#ports, portmap: await this.#open(portmap, desk) };
    }
    this.#tidying = setInterval(() => this.#tidy(), TIDY_EVERY_MS);
    this.#tidying.unref();
  }

  close({ drainMs }: { readonly drainMs: number }): Promise<void> {
    this.#closing ??= this.#close(drainMs);
    return this.#closing;
  }

  /** The port, over TCP by the plane and over UDP. */
  async #openPlane(port: number, desk: CallDesk<NfsContext>, plane: NfsPlane): Promise<number> {
    const { address, interfaceName, report } = this.#options;
    this.#planeDoor = plane.serve({
      address,
      interfaceName,
      port,
      limits: this.#limits,
      answer: (call, peer) => desk.answer(call, { ...peer, nowMs: nowMs() }),
      open: (call, peer) => this.#engine.openPlaneFile(call, { ...peer, nowMs: nowMs() }),
      onRead: (file, sum) => this.#engine.onPlaneRead(file, sum, nowMs()),
      report,
    });
    await this.#openUdp(this.#planeDoor.port, desk);
    return this.#planeDoor.port;
  }

  /** The port, over TCP and over UDP. */
  async #open(port: number, desk: Desk): Promise<number> {
    const { address, interfaceName, report } = this.#options;
    const failed = (error: Error): void => report('failed', error);
    const listener = await listenTcp(
      { address, interfaceName, port },
      (connection) => this.#onConnection(connection, desk),
      failed,
    );
    this.#listeners.push(listener);
    await this.#openUdp(listener.port, desk);
    return listener.port;
  }

  async #openUdp(port: number, desk: Desk): Promise<void> {
    const { address, interfaceName, report } = this.#options;
    const datagrams: UdpPort = await openUdp(
      { address, interfaceName, port },
      (bytes, from) => this.#onDatagram(bytes, from, desk, datagrams),
      (error) => report('failed', error),
    );
    this.#datagramPorts.push(datagrams);
  }

  #onConnection({ ends, wire, on }: TcpConnection, desk: Desk): void {
    const { address } = ends;
    const count = this.#perAddress.get(address) ?? 0;
    const isFull = this.#connections.size >= this.#limits.connections;
    if (this.#closing || isFull || count >= this.#limits.connectionsPerAddress) {
      if (!this.#closing) this.#overloaded += 1;
      wire.destroy();
      return;
    }
    const connection = new RpcConnection({
      wire,
      desk,
      peer: { ...ends, transport: 'tcp' },
      memory: this.#memory,
      limits: this.#limits,
      now: nowMs,
      dropped: (error) => this.#options.report('dropped', error),
    });
    this.#connections.set(connection, address);
    this.#perAddress.set(address, count + 1);
    on({
      bytes: (bytes) => {
        if (!this.#closing) connection.onBytes(bytes);
      },
      end: () => {
        connection.onEnd();
        this.#forget(connection, address);
      },
    });
  }

  #forget(connection: RpcConnection, address: IpAddress): void {
    if (!this.#connections.delete(connection)) return;
    const left = (this.#perAddress.get(address) ?? 1) - 1;
    if (left === 0) this.#perAddress.delete(address);
    else this.#perAddress.set(address, left);
  }

  #onDatagram(bytes: Uint8Array, from: Ends, desk: Desk, port: UdpPort): void {
    if (this.#closing) return;
    if (this.#datagrams.size >= this.#limits.datagramsAtOnce) {
      this.#overloaded += 1;
      return;
    }
    const call = desk.prepare(bytes, { ...from, transport: 'udp', nowMs: nowMs() });
    if (!call) return;
    const over = this.#answerDatagram(call, from, port).finally(() => this.#datagrams.delete(over));
    this.#datagrams.add(over);
  }

  async #answerDatagram(call: PreparedCall, to: Ends, port: UdpPort): Promise<void> {
    const { pieces, sent } = await new Promise<Pieces>((resolve) => call.answer(resolve));
    await new Promise<void>((taken) => port.send(pieces, to, taken));
    sent?.();
  }

  #tidy(): void {
    const now = nowMs();
    const { idleMs, stalledMs, stalledWhileWantedMs } = this.#limits;
    this.#engine.tidy(now);
    const patienceMs = this.#memory.isWanted ? stalledWhileWantedMs : stalledMs;
    for (const connection of this.#connections.keys()) {
      if (connection.stalledMs(now) >= patienceMs || connection.idleMs(now) >= idleMs) connection.end();
    }
  }

  async #close(drainMs: number): Promise<void> {
    const closed = Promise.all([
      ...this.#listeners.map((listener) => listener.close()),
      this.#planeDoor?.close({ drainMs }),
    ]);
    await this.#drained(nowMs() + drainMs);
    for (const connection of this.#connections.keys()) connection.end();
    await closed;
    await Promise.all(this.#datagramPorts.map((port) => port.close()));
    clearInterval(this.#tidying);
    this.#engine.close();
  }

  /** Until no answer is under way, or it is that late. */
  async #drained(untilMs: number): Promise<void> {
    const isBusy = (): boolean =>
      this.#datagrams.size > 0 || [...this.#connections.keys()].some((connection) => connection.isBusy);
    while (isBusy() && nowMs() < untilMs) await new Promise((resolve) => setTimeout(resolve, DRAIN_LOOK_MS));
  }
}

/** How often it is looked whether all answers have left. */
const DRAIN_LOOK_MS = 10;

/** Milliseconds of a clock that only goes forward. */
function nowMs(): number {
  return performance.now();
}
