import { createSocket, type Socket } from 'node:dgram';
import type { Ipv6Address } from '../../lib/addresses.ts';
import { isLinkLocal, parseIpv6 } from '../../lib/ipv6-address.ts';

/** Shell: one UDP socket for one address on one interface. */

/** All_DHCP_Relay_Agents_and_Servers: where clients ask (RFC 8415 §7.1). */
export const ALL_SERVERS = parseIpv6('ff02::1:2');

export interface Dhcpv6Socket {
  readonly port: number;
  /** Rejects as the system does; `to` may be of this link alone. */
  send(bytes: Uint8Array, to: Dhcpv6Peer): Promise<void>;
  close(): Promise<void>;
}

export interface Dhcpv6Peer {
  readonly address: Ipv6Address;
  readonly port: number;
}

export interface Dhcpv6SocketOptions {
  readonly interfaceName: string;
  /** `ALL_SERVERS`, or an address of the interface. */
  readonly address: Ipv6Address;
  readonly port: number;
  /** `beside`: beside another DHCPv6 server on this computer, where the kernel gives both what goes to all servers. */
  readonly share: 'alone' | 'beside';
  readonly onDatagram: (bytes: Uint8Array, from: Dhcpv6Peer) => void;
  readonly onError: (error: Error) => void;
}

/** Rejects as the system does (EADDRINUSE, EACCES, EADDRNOTAVAIL). */
export async function openDhcpv6Socket(options: Dhcpv6SocketOptions): Promise<Dhcpv6Socket> {
  const { interfaceName, address, port, share, onDatagram, onError } = options;
  const zoned = (one: Ipv6Address): string => withZone(one, interfaceName);
  const socket = createSocket({
    type: 'udp6',
    ipv6Only: true,
    reuseAddr: share === 'beside',
    // Every address here is a literal one; the resolver would only cost time.
    lookup: (host, _options, found) => found(null, host, 6),
  });
  await bind(socket, zoned(address), port);
  try {
    if (address === ALL_SERVERS) socket.addMembership(ALL_SERVERS, `::%${interfaceName}`);
  } catch (error) {
    socket.close();
    throw error;
  }
  socket.on('error', onError);
  socket.on('message', (bytes, from) =>
    onDatagram(bytes, { address: withoutZone(from.address), port: from.port }),
  );
  return {
    port: socket.address().port,
    send: (bytes, to) =>
      new Promise((resolve, reject) => {
        socket.send(bytes, to.port, zoned(to.address), (error) => (error ? reject(error) : resolve()));
      }),
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

/** What holds on one link only is said with its interface; bound so, a socket hears that interface alone (ipv6(7)). */
function withZone(address: Ipv6Address, interfaceName: string): string {
  const isOfLink = isLinkLocal(address) || address.startsWith('ff02:');
  return isOfLink ? `${address}%${interfaceName}` : address;
}

function withoutZone(address: string): Ipv6Address {
  return parseIpv6(address.replace(/%.*$/, ''));
}

function bind(socket: Socket, address: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      socket.close();
      reject(error);
    };
    socket.once('error', fail);
    socket.bind({ address, port, exclusive: true }, () => {
      socket.off('error', fail);
      resolve();
    });
  });
}
