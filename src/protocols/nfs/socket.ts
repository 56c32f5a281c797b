import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { createServer, type Server, type Socket } from 'node:net';
import type { IpAddress } from '../../lib/addresses.ts';
import { isIpv6, isLinkLocal, parseIp } from '../../lib/ipv6-address.ts';
import type { Wire } from './connection.ts';

/** Shell: TCP connections and UDP datagrams of one port on one local address. */

/** Machines that are switched on at the same time all connect at the same time. */
const BACKLOG = 1024;
/** A client that was switched off is noticed by this, also while it owes nothing. */
const KEEP_ALIVE_MS = 60_000;
/** Calls that may wait in the kernel, in bytes. */
const RECEIVE_BUFFER_BYTES = 1024 * 1024;

export interface LocalPort {
  readonly address: IpAddress;
  /** Of an IPv6 address: the interface it is on, since link-local ones hold on their own link only. */
  readonly interfaceName?: string | undefined;
  /** 0 lets the system choose. */
  readonly port: number;
}

export interface Ends {
  readonly address: IpAddress;
  readonly port: number;
  /** Undefined where the socket listens on every address, and the system does not tell. */
  readonly localAddress: IpAddress | undefined;
}

export interface TcpListener {
  readonly port: number;
  /** Takes no new connection; those there are stay. */
  close(): Promise<void>;
}

export interface TcpConnection {
  readonly ends: Ends;
  readonly wire: Wire;
  readonly on: (events: { readonly bytes: (bytes: Uint8Array) => void; readonly end: () => void }) => void;
}

/** Rejects as the system does (EADDRINUSE, EACCES, EADDRNOTAVAIL). */
export function listenTcp(
  at: LocalPort,
  onConnection: (connection: TcpConnection) => void,
  onError: (error: Error) => void,
): Promise<TcpListener> {
  return new Promise((resolve, reject) => {
    const server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS });
    server.once('error', reject);
    server.on('connection', (socket) => {
      const ends = endsOf(socket);
      // Gone already; without an error handler its end would be a fault of ours.
      socket.on('error', () => socket.destroy());
      if (ends === undefined) socket.destroy();
      else onConnection(connectionOver(socket, ends));
    });
    const ipv6Only = isIpv6(at.address);
    server.listen({ host: hostOf(at), port: at.port, backlog: BACKLOG, ipv6Only, exclusive: true }, () => {
      server.off('error', reject);
      server.on('error', onError);
      resolve({ port: portOf(server, at.port), close: () => closeServer(server) });
    });
  });
}

function closeServer(server: Server): Promise<void> {
  // Resolves when its last connection has ended too.
  return new Promise((resolve) => server.close(() => resolve()));
}

function portOf(server: Server, wanted: number): number {
  const bound = server.address();
  return typeof bound === 'object' && bound !== null ? bound.port : wanted;
}

function endsOf(socket: Socket): Ends | undefined {
  const { remoteAddress, remotePort, localAddress } = socket;
  if (remoteAddress === undefined || remotePort === undefined || localAddress === undefined) return undefined;
  return { address: parse(remoteAddress), port: remotePort, localAddress: parse(localAddress) };
}

function connectionOver(socket: Socket, ends: Ends): TcpConnection {
  return {
    ends,
    on: ({ bytes, end }) => {
      socket.on('data', bytes);
      socket.on('close', end);
    },
    wire: {
      send(pieces, taken) {
        if (!socket.writable) return;
        // One writev for all of it.
        socket.cork();
        const last = pieces.length - 1;
        for (const [at, piece] of pieces.entries())
          socket.write(piece, at === last ? (error) => !error && taken() : undefined);
        socket.uncork();
      },
      pause: () => socket.pause(),
      resume: () => socket.resume(),
      destroy: () => socket.destroy(),
    },
  };
}

export interface UdpPort {
  readonly port: number;
  /** `taken` is called when the system has it, or will not have it. */
  send(pieces: readonly Uint8Array[], to: Ends, taken: () => void): void;
  close(): Promise<void>;
}

/** Rejects as the system does (EADDRINUSE, EACCES, EADDRNOTAVAIL). */
export function openUdp(
  at: LocalPort,
  onDatagram: (bytes: Uint8Array, from: Ends) => void,
  onError: (error: Error) => void,
): Promise<UdpPort> {
  const family = isIpv6(at.address) ? 6 : 4;
  const isAny = at.address === '0.0.0.0' || at.address === '::';
  const localAddress = isAny ? undefined : at.address;
  return new Promise((resolve, reject) => {
    const socket = createSocket({
      type: `udp${family}`,
      ipv6Only: family === 6,
      recvBufferSize: RECEIVE_BUFFER_BYTES,
      // Every address here is a literal one; asking the resolver for each datagram would only cost time.
      lookup: (host, _options, found) => found(null, host, family),
    });
    const fail = (error: Error): void => {
      socket.close();
      reject(error);
    };
    socket.once('error', fail);
    socket.on('message', (bytes, from) =>
      onDatagram(bytes, { address: parse(from.address), port: from.port, localAddress }),
    );
    socket.bind({ address: hostOf(at), port: at.port, exclusive: true }, () => {
      socket.off('error', fail);
      socket.on('error', onError);
      resolve(udpOver(socket, at, onError));
    });
  });
}

function udpOver(socket: UdpSocket, at: LocalPort, onError: (error: Error) => void): UdpPort {
  let closing: Promise<void> | undefined;
  return {
    port: socket.address().port,
    send(pieces, to, taken) {
      if (closing) return taken();
      try {
        socket.send(pieces, to.port, hostOf({ ...at, address: to.address }), (error) => {
          taken();
          if (error && !closing) onError(error);
        });
      } catch (error) {
        // Node throws for a port it finds impossible, such as 0, which is the peer's fault.
        taken();
        onError(error instanceof Error ? error : new Error(String(error)));
      }
    },
    close() {
      closing ??= new Promise((resolve) => socket.close(resolve));
      return closing;
    },
  };
}

function hostOf({ address, interfaceName }: LocalPort): string {
  const needsZone = interfaceName !== undefined && isIpv6(address) && isLinkLocal(address);
  return needsZone ? `${address}%${interfaceName}` : address;
}

/** Node writes the zone behind a link-local address. */
function parse(text: string): IpAddress {
  return parseIp(text.replace(/%.*$/, ''));
}
