import type { MacAddress } from '../lib/addresses.ts';
import type { Libc } from './libc.ts';
import { encodeUdpFrame, type UdpFrame } from './udp-frame.ts';

export interface PacketSocketOptions {
  readonly libc: Libc;
  readonly interfaceIndex: number;
  /** The interface's own. */
  readonly mac: MacAddress;
  /** Where the identification of the IPv4 headers starts, so that two runs do not repeat each other's; 0 to 65535. */
  readonly firstIdentification: number;
}

/** Sends UDP datagrams to a hardware address, without a route, an address or ARP at the other end (packet(7)). */
export interface PacketSocket {
  send(datagram: Omit<UdpFrame, 'sourceMac' | 'identification'>): void;
  close(): void;
}

const IDENTIFICATIONS = 65_535;

/** @throws SystemCallError with EPERM where CAP_NET_RAW is missing. */
export function openPacketSocket(options: PacketSocketOptions): PacketSocket {
  const { libc, interfaceIndex, mac } = options;
  const fd = libc.socket('packet');
  let sent = options.firstIdentification;
  return {
    send(datagram) {
      // From 1 to 65535: never 0.
      const identification = (sent++ % IDENTIFICATIONS) + 1;
      const frame = encodeUdpFrame({ ...datagram, sourceMac: mac, identification });
      libc.sendFrame(fd, interfaceIndex, datagram.destinationMac, frame);
    },
    close: () => libc.close(fd),
  };
}
