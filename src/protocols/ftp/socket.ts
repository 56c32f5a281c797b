import { randomInt } from 'node:crypto';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { IpAddress } from '../../lib/addresses.ts';
import { plainAddress } from './host-address.ts';
import { firstFree, portsOf, type PortRange } from './port-range.ts';

/** TCP connections, ports and timers: all that this protocol needs of the system. */

export interface Endpoint {
  readonly address: IpAddress;
  readonly port: number;
}

/** Connections that may wait in the kernel for a data port, which wants one. */
const DATA_BACKLOG = 4;
/** After this time without a word, the system asks whether the other end is there. */
const KEEP_ALIVE_MS = 60_000;

export function monotonicMs(): number {
  return performance.now();
}

/** @returns keeps it from being called. */
export function afterMs(ms: number, call: () => void): () => void {
  const timer = setTimeout(call, ms);
  return () => clearTimeout(timer);
}

/** Rejects with the reason when the promise takes longer. */
export function withinMs<Value>(promise: Promise<Value>, ms: number, because: string): Promise<Value> {
  return new Promise((resolve, reject) => {
    const cancel = afterMs(ms, () => reject(new Error(because)));
    promise.then(resolve, reject).finally(cancel);
  });
}

export class TcpConnection {
  readonly remote: Endpoint;
  readonly local: Endpoint;
  readonly #socket: Socket;
  #brokenBecause: string | undefined;

  /** @throws SyntaxError when it is closed already. */
  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', (error) => {
      this.#brokenBecause ??= `the connection broke (${'code' in error ? String(error.code) : error.message})`;
    });
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    this.remote = { address: plainAddress(socket.remoteAddress), port: socket.remotePort ?? 0 };
    this.local = { address: plainAddress(socket.localAddress), port: socket.localPort ?? 0 };
  }

  /** Why it can no longer be written to, after a `false` of `write` or `finish`. */
  get brokenBecause(): string {
    return this.#brokenBecause ?? 'the client closed the connection';
  }

  /** Bytes that the system has not taken yet. */
  get unsentBytes(): number {
    return this.#socket.writableLength;
  }

  onBytes(call: (bytes: Uint8Array) => void): void {
    this.#socket.on('data', call);
  }

  /** The other end sends nothing any more. */
  onInputEnd(call: () => void): void {
    this.#socket.on('end', call);
  }

  onClosed(call: () => void): void {
    this.#socket.on('close', call);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Reads and forgets: bytes that nobody read would turn the end of the connection into a reset. */
  ignoreInput(): void {
    this.#socket.on('data', () => undefined);
  }

  /** Breaks it off when no byte moves for this long, while some wait to be written. */
  breakWhenStalled(stalledMs: number): void {
    this.#socket.setTimeout(stalledMs, () => {
      this.#brokenBecause ??= `the client took nothing for ${Math.round(stalledMs / 1000)} s`;
      // What the system still holds for it would stay there for many minutes.
      this.reset();
    });
  }

  /** Resolves when the system has taken all bytes; false when it never will. The bytes are not to be changed before. */
  write(bytes: Uint8Array): Promise<boolean> {
    return new Promise((resolve) => {
      if (this.#socket.destroyed) return resolve(false);
      this.#socket.write(bytes, (error) => resolve(!error && !this.#socket.destroyed));
    });
  }

  /**
   * Ends our side after what was written. Resolves when the system has everything; false when it never will. The other end
   * has `lingerMs` from then on to close the connection.
   */
  finish(lingerMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      if (this.#socket.destroyed) return resolve(false);
      this.#socket.once('close', () => resolve(false));
      this.#socket.end(() => {
        const cancel = afterMs(lingerMs, () => this.#socket.destroy());
        this.#socket.once('close', cancel);
        resolve(!this.#socket.errored);
      });
    });
  }

  /** What the system has taken already is still sent. */
  destroy(): void {
    this.#socket.destroy();
  }

  /**
   * Sends nothing more, and tells the other end that it was not all. Node's `resetAndDestroy` first waits until what was
   * written is taken, which a client that has stalled never does; so only the mark is set that it sets. Where a Node had no
   * such mark, this would be an orderly end.
   */
  reset(): void {
    // While its orderly end is under way the system library refuses, and the connection would be left open (libuv, EINVAL).
    if (!this.#socket.writableEnded) Object.assign(this.#socket, { resetAndClosing: true });
    this.#socket.destroy();
  }
}

export interface PassivePortOptions {
  readonly host: string;
  readonly range: PortRange | undefined;
  /** The only address that may connect. */
  readonly client: IpAddress;
  readonly onConnection: (connection: TcpConnection) => void;
  /** Told once for each port. */
  readonly onForeign: (from: Endpoint) => void;
}

export interface PassivePort {
  readonly port: number;
  close(): void;
}

/** A port for one connection. Rejects as the system does; with EADDRINUSE when the whole range is. */
export async function openPassivePort(options: PassivePortOptions): Promise<PassivePort> {
  const { range, host } = options;
  const open = async (port: number): Promise<PassivePort> => {
    const server = createServer({ allowHalfOpen: true });
    await listen(server, { host, port, backlog: DATA_BACKLOG });
    return passivePort(server, options);
  };
  return range === undefined ? open(0) : firstFree(portsOf(range, randomInt), open);
}

function passivePort(server: Server, { client, onConnection, onForeign }: PassivePortOptions): PassivePort {
  let isTaken = false;
  let foreigners = 0;
  server.on('connection', (socket) => {
    const connection = connectionOf(socket);
    if (connection === undefined) return;
    if (connection.remote.address === client && !isTaken) {
      isTaken = true;
      server.close();
      return onConnection(connection);
    }
    connection.reset();
    foreigners += 1;
    if (foreigners === 1 && !isTaken) onForeign(connection.remote);
  });
  // Out of descriptors: the next connection may find some.
  server.on('error', () => undefined);
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    close: () => server.close(),
  };
}

export function listen(
  server: Server,
  options: { readonly host: string; readonly port: number; readonly backlog: number },
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ ...options, exclusive: true }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Undefined, and closed, when the other end has closed it already. */
export function connectionOf(socket: Socket): TcpConnection | undefined {
  try {
    return new TcpConnection(socket);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    socket.destroy();
    return undefined;
  }
}

/** Rejects as the system does, or after `waitMs`. */
export function connectTcp(
  to: { readonly host: string; readonly port: number },
  localAddress: string,
  waitMs: number,
): Promise<TcpConnection> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...to, localAddress, allowHalfOpen: true });
    const cancel = afterMs(waitMs, () => socket.destroy(new Error('nobody answered')));
    socket.once('error', reject).once('close', cancel);
    socket.once('connect', () => {
      cancel();
      socket.off('error', reject);
      const connection = connectionOf(socket);
      if (connection === undefined) reject(new Error('the connection was closed at once'));
      else resolve(connection);
    });
  });
}
