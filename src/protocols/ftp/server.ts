import { createServer, type Server, type Socket } from 'node:net';
import type { IpAddress } from '../../lib/addresses.ts';
import { ControlConnection } from './control-connection.ts';
import { hostOf } from './host-address.ts';
import { encodeReply, ReplyCode, replyWith } from './reply.ts';
import {
  DEFAULT_FTP_LIMITS,
  type FtpLimits,
  type FtpServer,
  type FtpServerOptions,
} from './server-options.ts';
import { sentence } from './session-action.ts';
import { connectionOf, listen, type TcpConnection, withinMs } from './socket.ts';

/** Connections that may wait in the kernel while a room full of machines is switched on. */
const BACKLOG = 1024;
/** How long a transfer that was stopped may take to close its file. */
const STOP_MS = 5000;

/** Rejects as the system does (EADDRINUSE, EACCES, EADDRNOTAVAIL) when the port cannot be had. */
export async function serveFtp(options: FtpServerOptions): Promise<FtpServer> {
  const door = new Door(options);
  await door.listen();
  return door;
}

class Door implements FtpServer {
  readonly #options: FtpServerOptions;
  readonly #limits: FtpLimits;
  readonly #server: Server;
  readonly #controls = new Set<ControlConnection>();
  readonly #ofClient = new Map<IpAddress, number>();
  #closing: Promise<void> | undefined;

  constructor(options: FtpServerOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_FTP_LIMITS, ...options.limits };
    this.#server = createServer({ allowHalfOpen: true }, (socket) => this.#onSocket(socket));
    // More than are served, so that those over the limit can be told so.
    this.#server.maxConnections = 2 * this.#limits.connections;
  }

  get address(): IpAddress {
    return this.#options.address;
  }

  get port(): number {
    const bound = this.#server.address();
    return typeof bound === 'object' && bound !== null ? bound.port : this.#options.port;
  }

  get connections(): number {
    return this.#controls.size;
  }

  get transfers(): number {
    return [...this.#controls].filter(({ isSending }) => isSending).length;
  }

  async listen(): Promise<void> {
    const { address, interfaceName, port, report } = this.#options;
    await listen(this.#server, { host: hostOf(address, interfaceName), port, backlog: BACKLOG });
    this.#server.on('error', (error) => report('failed', error));
  }

  close({ drainMs }: { readonly drainMs: number }): Promise<void> {
    this.#closing ??= this.#close(drainMs);
    return this.#closing;
  }

  #onSocket(socket: Socket): void {
    const connection = connectionOf(socket);
    if (connection === undefined) return;
    const { address } = connection.remote;
    const because = this.#objectionTo(address);
    if (because !== undefined) return this.#turnAway(connection, because);
    const control = new ControlConnection(connection, { ...this.#options, allLimits: this.#limits });
    this.#controls.add(control);
    this.#count(address, 1);
    connection.onClosed(() => this.#count(address, -1));
    void control.over.then(() => this.#controls.delete(control));
    control.start();
  }

  #objectionTo(address: IpAddress): string | undefined {
    const { connections, connectionsPerClient } = this.#limits;
    if (this.#closing !== undefined) return 'the server is stopping';
    if (this.#controls.size >= connections)
      return `${connections} connections are open, the most allowed: try again later`;
    if ((this.#ofClient.get(address) ?? 0) >= connectionsPerClient)
      return `${address} has ${connectionsPerClient} connections open, the most allowed`;
    return undefined;
  }

  #turnAway(connection: TcpConnection, because: string): void {
    const code = ReplyCode.closing;
    connection.ignoreInput();
    connection.breakWhenStalled(this.#limits.lingerMs);
    void connection.write(encodeReply(replyWith(code, sentence(because))));
    void connection.finish(this.#limits.lingerMs);
    const { remote: client, local } = connection;
    this.#options.onRefused({ client, localAddress: local.address, code, because });
  }

  #count(address: IpAddress, by: 1 | -1): void {
    const count = (this.#ofClient.get(address) ?? 0) + by;
    if (count === 0) this.#ofClient.delete(address);
    else this.#ofClient.set(address, count);
  }

  async #close(drainMs: number): Promise<void> {
    this.#server.close();
    const all = Promise.all([...this.#controls].map(({ over }) => over));
    for (const control of this.#controls) control.stop();
    await orAfterMs(all, drainMs);
    for (const control of this.#controls) control.destroy();
    // A tree that does not answer is not waited for.
    await orAfterMs(all, STOP_MS);
  }
}

function orAfterMs(promise: Promise<unknown>, ms: number): Promise<unknown> {
  return withinMs(promise, ms, '').catch(() => undefined);
}
