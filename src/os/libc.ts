/**
 * The C library, and the only file that knows koffi. Every function here checks the length of what it hands over
 * and turns errno into a `SystemCallError`. Numbers are those of Linux on the machines of `KNOWN_MACHINES`.
 */
import { createRequire } from 'node:module';
import type * as Koffi from 'koffi';
import { type Ipv4Address, ipv4FromBytes, type MacAddress } from '../lib/addresses.ts';
import {
  AF_INET,
  int32,
  isInterfaceName,
  SOCKET_KINDS,
  sockaddrIn,
  sockaddrLl,
  sockaddrLlOfArp,
  sockaddrUn,
} from './sockaddr.ts';
import { SystemCallError } from './system-call-error.ts';

/** Where the constants below are those of `asm-generic`; MIPS, Alpha, PA-RISC and SPARC have others. */
const KNOWN_MACHINES = ['x64', 'arm64', 'arm', 'ia32', 'riscv64', 'loong64', 'ppc64', 's390x'];

/** A child process must not keep our ports. */
const SOCK_CLOEXEC = 0o2_000_000;
const SOCK_NONBLOCK = 0o4_000;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
/** EAGAIN. */
const NOTHING_WAITS = 11;
const IFF_UP = 0x1;
const IFF_LOWER_UP = 0x1_0000;

const MAX_DATAGRAM_BYTES = 65_535;
/** More addresses than this no machine has; a longer list is a broken one. */
const MOST_ADDRESSES = 65_536;

/** setsockopt(2): level, name, and what the value is. */
const SOCKET_OPTIONS = {
  SO_REUSEADDR: [1, 2, 'int'],
  SO_BROADCAST: [1, 6, 'int'],
  SO_RCVBUF: [1, 8, 'int'],
  SO_RCVBUFFORCE: [1, 33, 'int'],
  SO_BINDTODEVICE: [1, 25, 'text'],
  IP_MTU_DISCOVER: [0, 10, 'int'],
} as const;

/** For IP_MTU_DISCOVER: never set DF (ip(7)). */
export const IP_PMTUDISC_DONT = 0;

export interface InterfaceAddress {
  readonly interfaceName: string;
  readonly up: boolean;
  /** The driver sees the other end. */
  readonly carrier: boolean;
  /** Undefined for a row that is not of IPv4. */
  readonly ipv4?: { readonly address: Ipv4Address; readonly prefixLength: number };
}

/** Typed calls; each throws SystemCallError when the system refuses, and RangeError for what could not be right. */
export interface Libc {
  /** The descriptor of a socket that does not block and is closed on exec. */
  socket(kind: keyof typeof SOCKET_KINDS): number;
  setSocketOption(fd: number, option: keyof typeof SOCKET_OPTIONS, value: number | string): void;
  bindUdp(fd: number, address: Ipv4Address, port: number): void;
  /** A whole Ethernet frame, out of that interface. `fd` is of a packet socket. */
  sendFrame(fd: number, interfaceIndex: number, destination: MacAddress, frame: Uint8Array): void;
  /** From then on the packet socket receives the ARP packets of that interface (packet(7)). */
  bindArp(fd: number, interfaceIndex: number): void;
  /** An ICMP message, whose header is the caller's (raw(7)). `fd` is of an `icmp` socket. */
  sendIcmp(fd: number, address: Ipv4Address, message: Uint8Array): void;
  /** What waits at a socket, read into the buffer; undefined where nothing does. What does not fit is cut off. */
  receive(fd: number, buffer: Uint8Array): Uint8Array | undefined;
  /** `path` is a file name, or begins with `@` for an abstract name (unix(7)). */
  sendUnix(fd: number, path: string, datagram: Uint8Array): void;
  close(fd: number): void;
  /** Undefined when there is no such interface. */
  interfaceIndex(name: string): number | undefined;
  /** getifaddrs(3): every interface at least once, also those without carrier, which Node leaves out. */
  interfaceAddresses(): readonly InterfaceAddress[];
}

export interface NoLibc {
  readonly unavailable: true;
  readonly because: string;
}

let loaded: Libc | NoLibc | undefined;

/** Loaded on first use, once in a process. Whoever gets `unavailable` uses its plain-Node way, and says so. */
export function loadLibc(): Libc | NoLibc {
  loaded ??= tryLoad();
  return loaded;
}

function tryLoad(): Libc | NoLibc {
  if (process.platform !== 'linux') return unavailable(`this is ${process.platform}, not Linux`);
  if (!KNOWN_MACHINES.includes(process.arch))
    return unavailable(`the numbers of its system calls are not known for ${process.arch}`);
  try {
    // Not an import: a machine for which koffi has no binary must still start.
    const koffi = createRequire(import.meta.url)('koffi') as typeof Koffi;
    return bindLibc(koffi);
  } catch (error) {
    return unavailable(`koffi does not load here: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function unavailable(because: string): NoLibc {
  return { unavailable: true, because };
}

/** The C functions as koffi sees them: they return -1 or 0 and set errno. */
interface Calls {
  readonly koffi: typeof Koffi;
  /** As IfaddrsRow. */
  readonly ifaddrs: Koffi.TypeObject;
  readonly socket: (family: number, type: number, protocol: number) => number;
  readonly setsockopt: (fd: number, level: number, name: number, value: Uint8Array, length: number) => number;
  readonly bind: (fd: number, address: Uint8Array, length: number) => number;
  readonly sendto: (
    fd: number,
    bytes: Uint8Array,
    length: number,
    flags: number,
    address: Uint8Array,
    addressLength: number,
  ) => number | bigint;
  readonly recv: (fd: number, buffer: Uint8Array, length: number, flags: number) => number | bigint;
  readonly close: (fd: number) => number;
  readonly if_nametoindex: (name: string) => number;
  readonly getifaddrs: (list: [unknown]) => number;
  readonly freeifaddrs: (list: unknown) => void;
}

function bindLibc(koffi: typeof Koffi): Libc {
  const library = koffi.load(null);
  const calls: Calls = {
    koffi,
    ifaddrs: koffi.struct({
      ifa_next: 'void *',
      ifa_name: 'char *',
      ifa_flags: 'uint32_t',
      ifa_addr: 'void *',
      ifa_netmask: 'void *',
    }),
    socket: library.func('int socket(int family, int type, int protocol)'),
    setsockopt: library.func(
      'int setsockopt(int fd, int level, int name, const void *value, uint32_t length)',
    ),
    bind: library.func('int bind(int fd, const void *address, uint32_t length)'),
    sendto: library.func(
      'long sendto(int fd, const void *bytes, size_t length, int flags, const void *address, uint32_t addressLength)',
    ),
    recv: library.func('long recv(int fd, void *buffer, size_t length, int flags)'),
    close: library.func('int close(int fd)'),
    if_nametoindex: library.func('unsigned int if_nametoindex(const char *name)'),
    getifaddrs: library.func('int getifaddrs(_Out_ void **list)'),
    freeifaddrs: library.func('void freeifaddrs(void *list)'),
  };
  return {
    socket: (kind) => openSocket(calls, kind),
    setSocketOption: (fd, option, value) => setSocketOption(calls, fd, option, value),
    bindUdp(fd, address, port) {
      const sockaddr = sockaddrIn(address, port);
      check(calls, calls.bind(fd, sockaddr, sockaddr.length), 'bind', `bind ${address} UDP port ${port}`);
    },
    sendFrame(fd, interfaceIndex, destination, frame) {
      send(calls, fd, frame, sockaddrLl(interfaceIndex, destination), `send a frame to ${destination}`);
    },
    bindArp(fd, interfaceIndex) {
      const sockaddr = sockaddrLlOfArp(interfaceIndex);
      check(
        calls,
        calls.bind(fd, sockaddr, sockaddr.length),
        'bind',
        `hear ARP on interface ${interfaceIndex}`,
      );
    },
    sendIcmp(fd, address, message) {
      send(calls, fd, message, sockaddrIn(address, 0), `send an ICMP message to ${address}`);
    },
    receive: (fd, buffer) => receive(calls, fd, buffer),
    sendUnix(fd, path, datagram) {
      send(calls, fd, datagram, sockaddrUn(path), `send to the socket "${path}"`);
    },
    close: (fd) => void check(calls, calls.close(fd), 'close', `close descriptor ${fd}`),
    interfaceIndex(name) {
      if (!isInterfaceName(name)) return undefined;
      return calls.if_nametoindex(name) || undefined;
    },
    interfaceAddresses: () => interfaceAddresses(calls),
  };
}

/** The result, unless it is -1. */
function check(calls: Calls, result: number, call: string, wish: string): number {
  if (result === -1) throw new SystemCallError(call, wish, calls.koffi.errno());
  return result;
}

function openSocket(calls: Calls, kind: keyof typeof SOCKET_KINDS): number {
  const [family, type, protocol] = SOCKET_KINDS[kind];
  const fd = calls.socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
  return check(calls, fd, 'socket', `open a ${kind} socket`);
}

function setSocketOption(
  calls: Calls,
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

function send(calls: Calls, fd: number, bytes: Uint8Array, address: Uint8Array, wish: string): void {
  if (bytes.length === 0 || bytes.length > MAX_DATAGRAM_BYTES)
    throw new RangeError(
      `Cannot ${wish}: it has ${bytes.length} bytes, 1 to ${MAX_DATAGRAM_BYTES} can be sent`,
    );
  const flags = MSG_DONTWAIT | MSG_NOSIGNAL;
  check(calls, Number(calls.sendto(fd, bytes, bytes.length, flags, address, address.length)), 'sendto', wish);
}

function receive(calls: Calls, fd: number, buffer: Uint8Array): Uint8Array | undefined {
  const received = Number(calls.recv(fd, buffer, buffer.length, MSG_DONTWAIT));
  if (received === -1 && calls.koffi.errno() === NOTHING_WAITS) return undefined;
  return buffer.subarray(0, check(calls, received, 'recv', `receive from descriptor ${fd}`));
}

/** A row of getifaddrs(3), with pointers as koffi gives them. */
interface IfaddrsRow {
  readonly ifa_next: unknown;
  readonly ifa_name: string;
  readonly ifa_flags: number;
  readonly ifa_addr: unknown;
  readonly ifa_netmask: unknown;
}

function interfaceAddresses(calls: Calls): readonly InterfaceAddress[] {
  const { koffi, ifaddrs } = calls;
  const list: [unknown] = [undefined];
  check(calls, calls.getifaddrs(list), 'getifaddrs', 'list the addresses of the interfaces');
  const found: InterfaceAddress[] = [];
  for (let at = list[0]; at && found.length < MOST_ADDRESSES; ) {
    const row = koffi.decode(at, ifaddrs) as IfaddrsRow;
    const ipv4 = readIpv4(koffi, row);
    found.push({
      // Addresses with a label, `eth0:1`, are of `eth0`.
      interfaceName: row.ifa_name.split(':')[0] ?? '',
      up: (row.ifa_flags & IFF_UP) !== 0,
      carrier: (row.ifa_flags & IFF_LOWER_UP) !== 0,
      ...(ipv4 ? { ipv4 } : {}),
    });
    at = row.ifa_next;
  }
  calls.freeifaddrs(list[0]);
  return found;
}

function readIpv4(koffi: typeof Koffi, row: IfaddrsRow): InterfaceAddress['ipv4'] {
  if (!row.ifa_addr || !row.ifa_netmask || koffi.decode(row.ifa_addr, 'uint16_t') !== AF_INET)
    return undefined;
  const layout = koffi.array('uint8_t', 8, 'Typed');
  const address = koffi.decode(row.ifa_addr, layout) as Uint8Array;
  const netmask = koffi.decode(row.ifa_netmask, layout) as Uint8Array;
  const ones = [...netmask.subarray(4)].map((octet) => octet.toString(2).replaceAll('0', '')).join('');
  return { address: ipv4FromBytes(address.subarray(4)), prefixLength: ones.length };
}
