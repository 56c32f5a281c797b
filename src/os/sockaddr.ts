/** Socket addresses, integers and names as Linux wants them: what goes through a pointer to the C library. */
import { endianness } from 'node:os';
import {
  type IpAddress,
  type Ipv4Address,
  ipv4FromNumber,
  ipv4ToNumber,
  type Ipv6Address,
  ipv6FromBytes,
  type MacAddress,
  macToBytes,
} from '../lib/addresses.ts';
import { ipv6ToBytes, isIpv6 } from '../lib/ipv6-address.ts';

const AF_UNIX = 1;
export const AF_INET = 2;
const AF_INET6 = 10;
const AF_PACKET = 17;
const SOCK_STREAM = 1;
const SOCK_DGRAM = 2;
const SOCK_RAW = 3;

const IPPROTO_ICMP = 1;

/**
 * socket(2): family, type and protocol. A packet socket of protocol 0 sends, and receives nothing. That of another
 * one takes it in network order (packet(7)); `bindFrames` says it, so that nothing comes before the interface is named.
 */
export const SOCKET_KINDS = {
  udp: [AF_INET, SOCK_DGRAM, 0],
  tcp: [AF_INET, SOCK_STREAM, 0],
  tcp6: [AF_INET6, SOCK_STREAM, 0],
  packet: [AF_PACKET, SOCK_RAW, 0],
  icmp: [AF_INET, SOCK_RAW, IPPROTO_ICMP],
  unix: [AF_UNIX, SOCK_DGRAM, 0],
} as const;

/** sizeof(sockaddr_un.sun_path). */
const UNIX_PATH_BYTES = 108;
/** sizeof(ifreq.ifr_name), with its NUL. */
const IFNAMSIZ = 16;
const SOCKADDR_IN_BYTES = 16;
export const SOCKADDR_IN6_BYTES = 28;
const SOCKADDR_LL_BYTES = 20;
const PACKET_MREQ_BYTES = 16;
const PACKET_MR_MULTICAST = 0;
/** sizeof(struct sock_filter). */
export const SOCK_FILTER_BYTES = 8;

const IS_LITTLE_ENDIAN = endianness() === 'LE';

export function int32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value, IS_LITTLE_ENDIAN);
  return bytes;
}

/** netinet/in.h: family, port and address in network order, eight bytes of zero. */
export function sockaddrIn(address: Ipv4Address, port: number): Uint8Array {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new RangeError(`${port} is not a port`);
  const number = ipv4ToNumber(address);
  const bytes = new Uint8Array(SOCKADDR_IN_BYTES);
  bytes[IS_LITTLE_ENDIAN ? 0 : 1] = AF_INET;
  bytes[2] = port >>> 8;
  bytes[3] = port;
  bytes[4] = number >>> 24;
  bytes[5] = number >>> 16;
  bytes[6] = number >>> 8;
  bytes[7] = number;
  return bytes;
}

/** ipv6(7): family, port (network order), flow, address, and the interface that a link-local address is on. */
function sockaddrIn6(address: Ipv6Address, port: number, interfaceIndex: number): Uint8Array {
  const bytes = new Uint8Array(SOCKADDR_IN6_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, AF_INET6, IS_LITTLE_ENDIAN);
  view.setUint16(2, port);
  bytes.set(ipv6ToBytes(address), 8);
  view.setUint32(24, interfaceIndex, IS_LITTLE_ENDIAN);
  return bytes;
}

/** @param interfaceIndex of a link-local address: the interface it is on. */
export function sockaddrOf(address: IpAddress, port: number, interfaceIndex = 0): Uint8Array {
  return isIpv6(address) ? sockaddrIn6(address, port, interfaceIndex) : sockaddrIn(address, port);
}

/** The address in a `struct sockaddr_in` or `sockaddr_in6`; undefined for another family. */
export function addressIn(sockaddr: Uint8Array): IpAddress | undefined {
  const view = new DataView(sockaddr.buffer, sockaddr.byteOffset, sockaddr.byteLength);
  switch (view.getUint16(0, IS_LITTLE_ENDIAN)) {
    case AF_INET:
      return ipv4FromNumber(view.getUint32(4));
    case AF_INET6:
      return ipv6FromBytes(sockaddr.subarray(8, 24));
    default:
      return undefined;
  }
}

/** packet(7): family, protocol (network order), interface, two fields that only receiving fills, length, address. */
export function sockaddrLl(interfaceIndex: number, etherType: number, mac?: MacAddress): Uint8Array {
  const bytes = new Uint8Array(SOCKADDR_LL_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, AF_PACKET, IS_LITTLE_ENDIAN);
  view.setUint16(2, etherType);
  view.setInt32(4, interfaceIndex, IS_LITTLE_ENDIAN);
  if (mac === undefined) return bytes;
  const address = macToBytes(mac);
  view.setUint8(11, address.length);
  bytes.set(address, 12);
  return bytes;
}

/** struct packet_mreq of packet(7): interface, type, length, address. */
export function packetMembership(interfaceIndex: number, group: MacAddress): Uint8Array {
  const bytes = new Uint8Array(PACKET_MREQ_BYTES);
  const view = new DataView(bytes.buffer);
  const address = macToBytes(group);
  view.setInt32(0, interfaceIndex, IS_LITTLE_ENDIAN);
  view.setUint16(4, PACKET_MR_MULTICAST, IS_LITTLE_ENDIAN);
  view.setUint16(6, address.length, IS_LITTLE_ENDIAN);
  bytes.set(address, 8);
  return bytes;
}

/** One instruction of a socket filter: code, steps where it is true, steps where it is false, operand. */
export type FilterStep = readonly [code: number, whenTrue: number, whenFalse: number, operand: number];

/** struct sock_filter for each step (linux/filter.h). */
export function filterProgram(steps: readonly FilterStep[]): Uint8Array {
  const bytes = new Uint8Array(steps.length * SOCK_FILTER_BYTES);
  const view = new DataView(bytes.buffer);
  for (const [index, [code, whenTrue, whenFalse, operand]] of steps.entries()) {
    const at = index * SOCK_FILTER_BYTES;
    view.setUint16(at, code, IS_LITTLE_ENDIAN);
    view.setUint8(at + 2, whenTrue);
    view.setUint8(at + 3, whenFalse);
    view.setUint32(at + 4, operand, IS_LITTLE_ENDIAN);
  }
  return bytes;
}

/** unix(7): a path ends with NUL; an abstract name begins with one and ends with the address. */
export function sockaddrUn(path: string): Uint8Array {
  const name = Buffer.from(path.startsWith('@') ? `\0${path.slice(1)}` : `${path}\0`);
  if (path.length < 2 || name.length > UNIX_PATH_BYTES || path.includes('\0'))
    throw new RangeError(
      `"${path}" cannot be the name of a socket: 2 to ${UNIX_PATH_BYTES - 1} bytes without NUL`,
    );
  const bytes = new Uint8Array(2 + name.length);
  new DataView(bytes.buffer).setUint16(0, AF_UNIX, IS_LITTLE_ENDIAN);
  bytes.set(name, 2);
  return bytes;
}

/** As the kernel's dev_valid_name() has it. */
export function isInterfaceName(name: string): boolean {
  return /^[^/:\s\0]+$/.test(name) && name !== '.' && name !== '..' && Buffer.byteLength(name) < IFNAMSIZ;
}
