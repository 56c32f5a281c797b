import { UNSPECIFIED } from '../../lib/addresses.ts';
import { int32, isInterfaceName, SOCKET_KINDS, sockaddrIn, sockaddrUn } from '../sockaddr.ts';
import { check, EAGAIN, type ForeignCalls } from './foreign-calls.ts';
import type { Libc } from './libc-types.ts';

/** A child process must not keep our ports. */
const SOCK_CLOEXEC = 0o2_000_000;
const SOCK_NONBLOCK = 0o4_000;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;

const MAX_DATAGRAM_BYTES = 65_535;

/** setsockopt(2): level, name, and what the value is. */
export const SOCKET_OPTIONS = {
  SO_REUSEADDR: [1, 2, 'int'],
  SO_BROADCAST: [1, 6, 'int'],
  SO_BINDTODEVICE: [1, 25, 'text'],
  SO_SNDBUF: [1, 7, 'int'],
  SO_RCVBUF: [1, 8, 'int'],
  SO_REUSEPORT: [1, 15, 'int'],
  /** Beyond what `net.core.wmem_max` and `rmem_max` allow; need CAP_NET_ADMIN. */
  SO_SNDBUFFORCE: [1, 32, 'int'],
  SO_RCVBUFFORCE: [1, 33, 'int'],
  IP_MTU_DISCOVER: [0, 10, 'int'],
  TCP_NODELAY: [6, 1, 'int'],
  TCP_CORK: [6, 3, 'int'],
} as const;

/** One socket, one datagram. */
export function socketCalls(
  calls: ForeignCalls,
): Pick<
  Libc,
  'socket' | 'setSocketOption' | 'bindUdp' | 'sendUdp' | 'sendIcmp' | 'receive' | 'sendUnix' | 'udpPort'
> {
  return {
    socket: (kind) => openSocket(calls, kind),
    setSocketOption: (fd, option, value) => setSocketOption(calls, fd, option, value),
    bindUdp(fd, address, port) {
      const sockaddr = sockaddrIn(address, port);
      check(calls, calls.bind(fd, sockaddr, sockaddr.length), 'bind', `bind ${address} UDP port ${port}`);
    },
    sendUdp(fd, address, port, datagram) {
      send(calls, fd, datagram, sockaddrIn(address, port), `send to ${address} UDP port ${port}`);
    },
    sendIcmp(fd, address, message) {
      send(calls, fd, message, sockaddrIn(address, 0), `send an ICMP message to ${address}`);
    },
    receive: (fd, buffer) => receive(calls, fd, buffer),
    sendUnix(fd, path, datagram) {
      send(calls, fd, datagram, sockaddrUn(path), `send to the socket "${path}"`);
    },
    udpPort: (fd) => udpPort(calls, fd),
  };
}

function udpPort(calls: ForeignCalls, fd: number): number {
  const address = sockaddrIn(UNSPECIFIED, 0);
  const result = calls.getsockname(fd, address, int32(address.length));
  check(calls, result, 'getsockname', 'ask for the port of a socket');
  return new DataView(address.buffer).getUint16(2);
}

function openSocket(calls: ForeignCalls, kind: keyof typeof SOCKET_KINDS): number {
  const [family, type, protocol] = SOCKET_KINDS[kind];
  const fd = calls.socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
  return check(calls, fd, 'socket', `open a ${kind} socket`);
}

function setSocketOption(
  calls: ForeignCalls,
  fd: number,
  option: keyof typeof SOCKET_OPTIONS,
  value: number | string,
): void {
  const [level, name, kind] = SOCKET_OPTIONS[option];
  if ((kind === 'int') !== (typeof value === 'number'))
    throw new TypeError(`${option} takes ${kind === 'int' ? 'a number' : 'a text'}, not ${typeof value}`);
  if (kind === 'text' && !isInterfaceName(String(value)))
    throw new RangeError(`"${value}" cannot be the name of an interface: 1 to 15 bytes, no "/" and no space`);
  const bytes = typeof value === 'number' ? int32(value) : Buffer.from(`${value}\0`);
  const result = calls.setsockopt(fd, level, name, bytes, bytes.length);
  check(calls, result, 'setsockopt', `set ${option} to ${typeof value === 'number' ? value : `"${value}"`}`);
}

export function send(
  calls: ForeignCalls,
  fd: number,
  bytes: Uint8Array,
  address: Uint8Array,
  wish: string,
): void {
  if (bytes.length === 0 || bytes.length > MAX_DATAGRAM_BYTES)
    throw new RangeError(
      `Cannot ${wish}: it has ${bytes.length} bytes, 1 to ${MAX_DATAGRAM_BYTES} can be sent`,
    );
  const flags = MSG_DONTWAIT | MSG_NOSIGNAL;
  check(calls, Number(calls.sendto(fd, bytes, bytes.length, flags, address, address.length)), 'sendto', wish);
}

function receive(calls: ForeignCalls, fd: number, buffer: Uint8Array): Uint8Array | undefined {
  const received = Number(calls.recv(fd, buffer, buffer.length, MSG_DONTWAIT));
  if (received === -1 && calls.errno() === EAGAIN) return undefined;
  return buffer.subarray(0, check(calls, received, 'recv', `receive from descriptor ${fd}`));
}
