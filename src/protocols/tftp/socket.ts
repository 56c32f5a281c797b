import { createSocket, type Socket } from 'node:dgram';
import type { IpAddress } from '../../lib/addresses.ts';
import { isIpv6, isLinkLocal, parseIpv6 } from '../../lib/ipv6-address.ts';
import type { Alarm } from './running-transfer.ts';
import type { TftpClient } from './server-options.ts';

/** Shell: a UDP socket on one local address, and the timers. */

export interface UdpSocket {
  readonly port: number;
  /** The datagram may be lost, here as on the wire; `onError` then hears why. */
  send(datagram: Uint8Array, to: TftpClient): void;
  close(): Promise<void>;
}

export interface UdpSocketOptions {
  readonly address: IpAddress;
  /** Of an IPv6 address: the interface it is on, since link-local ones hold on their own link only. */
  readonly interfaceName?: string | undefined;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Bytes of datagrams that may wait in the kernel; the system may grant less. */
  readonly receiveBufferBytes?: number;
  readonly onDatagram: (datagram: Uint8Array, from: TftpClient) => void;
  readonly onError: (error: Error) => void;
}

/** Rejects with the system's own error (EADDRINUSE, EACCES, EADDRNOTAVAIL). */
export function openUdpSocket(options: UdpSocketOptions): Promise<UdpSocket> {
  const { address, interfaceName, port, receiveBufferBytes, onDatagram, onError } = options;
  const family = isIpv6(address) ? 6 : 4;
  const zoned = (one: IpAddress): string => withZone(one, interfaceName);
  return new Promise((resolve, reject) => {
    const socket = createSocket({
      type: `udp${family}`,
      // Every address here is a literal one; asking the resolver for each datagram would only cost time.
      lookup: (host, _options, found) => found(null, host, family),
      ...(receiveBufferBytes === undefined ? {} : { recvBufferSize: receiveBufferBytes }),
    });
    const fail = (error: Error): void => {
      socket.close();
      reject(error);
    };
    socket.once('error', fail);
    socket.on('message', (datagram, from) =>
      onDatagram(datagram, { address: peerAddress(from.address, family), port: from.port }),
    );
    socket.bind({ address: zoned(address), port, exclusive: true }, () => {
      socket.off('error', fail);
      socket.on('error', onError);
      resolve(wrap(socket, zoned, onError));
    });
  });
}

/** The kernel writes IPv4 addresses in our canonical form; IPv6 ones may have their zone behind them. */
function peerAddress(text: string, family: 4 | 6): IpAddress {
  return family === 4 ? (text as IpAddress) : parseIpv6(text.replace(/%.*$/, ''));
}

function withZone(address: IpAddress, interfaceName: string | undefined): string {
  const needsZone = interfaceName !== undefined && isIpv6(address) && isLinkLocal(address);
  return needsZone ? `${address}%${interfaceName}` : address;
}

function wrap(
  socket: Socket,
  zoned: (address: IpAddress) => string,
  onError: (error: Error) => void,
): UdpSocket {
  let closing: Promise<void> | undefined;
  return {
    port: socket.address().port,
    send(datagram, to) {
      if (closing) return;
      try {
        socket.send(datagram, to.port, zoned(to.address), (error) => {
          if (error && !closing) onError(error);
        });
      } catch (error) {
        // Node throws for a port it finds impossible, such as 0, which is the peer's fault.
        onError(error instanceof Error ? error : new Error(String(error)));
      }
    },
    close() {
      closing ??= new Promise((resolve) => socket.close(resolve));
      return closing;
    },
  };
}

/** Milliseconds of a clock that only goes forward. */
export function monotonicMs(): number {
  return performance.now();
}

/**
 * A timer that is set anew for every packet: it leaves a running timeout alone when the new time is later, and
 * looks again when that one ends, since most are never reached.
 */
export function makeAlarm(ring: () => void): Alarm {
  let timer: NodeJS.Timeout | undefined;
  let timerMs = Infinity;
  let wantedMs = Infinity;
  const wait = (): void => {
    clearTimeout(timer);
    timerMs = wantedMs;
    timer = setTimeout(onTimeout, Math.max(1, Math.ceil(wantedMs - monotonicMs())));
  };
  const onTimeout = (): void => {
    timerMs = Infinity;
    if (wantedMs === Infinity) return;
    if (monotonicMs() < wantedMs) return wait();
    ring();
  };
  return {
    ringAt(atMs) {
      wantedMs = atMs;
      if (atMs < timerMs) wait();
    },
    stop() {
      clearTimeout(timer);
      timerMs = Infinity;
      wantedMs = Infinity;
    },
  };
}

/** What the promise gives, or undefined when that takes longer; the caller still has the promise. */
export async function withinMs<Value>(promise: Promise<Value>, limitMs: number): Promise<Value | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), limitMs);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}
