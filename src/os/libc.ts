/**
 * The C library, and the only file that knows koffi. Every function here checks the length of what it hands over
 * and turns errno into a `SystemCallError`. Numbers are those of Linux on the machines of `KNOWN_MACHINES`.
 */
import { createRequire } from 'node:module';
import type * as Koffi from 'koffi';
import { type Ipv4Address, ipv4FromBytes, type MacAddress, UNSPECIFIED } from '../lib/addresses.ts';
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
  SO_BINDTODEVICE: [1, 25, 'text'],
  SO_SNDBUF: [1, 7, 'int'],
  SO_RCVBUF: [1, 8, 'int'],
  SO_REUSEPORT: [1, 15, 'int'],
  /** Beyond what `net.core.wmem_max` and `rmem_max` allow; need CAP_NET_ADMIN. */
  SO_SNDBUFFORCE: [1, 32, 'int'],
  SO_RCVBUFFORCE: [1, 33, 'int'],
  IP_MTU_DISCOVER: [0, 10, 'int'],
} as const;

/** eventfd(2). */
const EFD_CLOEXEC = SOCK_CLOEXEC;
const EFD_NONBLOCK = SOCK_NONBLOCK;
const EVENT_BYTES = 8;
/** mmap(2). */
const PROT_READ = 0x1;
const MAP_SHARED = 0x1;
const MAP_FAILED = -1n;
/** What a call says when there is nothing to do now: the same numbers on every machine of KNOWN_MACHINES. */
export const EINTR = 4;
export const EAGAIN = 11;

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
  /** From a socket of ours, bound or not. */
  sendUdp(fd: number, address: Ipv4Address, port: number, datagram: Uint8Array): void;
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
  /** The port a socket is bound to. */
  udpPort(fd: number): number;
  close(fd: number): void;
  /** Memory that stays at its address until it is freed, for structures that hold addresses of each other. */
  allocate(bytes: number): NativeMemory;
  /**
   * The address of a file's bytes in this process. Never read there: a file that was truncated meanwhile would end
   * the process with SIGBUS, whereas a system call that is given the address says EFAULT.
   */
  mapFile(fd: number, bytes: number): number;
  unmap(address: number, bytes: number): void;
  /** A descriptor by which one thread wakes another that waits in `poll`. */
  eventDescriptor(): number;
  signal(eventDescriptor: number): void;
  /** Takes back all signals that came so far. */
  unsignal(eventDescriptor: number): void;
  /** Waits until one of `count` struct pollfd is ready. @returns how many are; 0 when the time is up. */
  poll(pollfds: NativeMemory, count: number, timeoutMs: number): number;
  /** recvmmsg(2) into struct mmsghdr that are laid out already. @returns how many came; 0 when none waits. */
  receiveMany(fd: number, messages: NativeMemory, count: number): number;
  /**
   * sendmmsg(2) from the message at `first`. @returns how many were sent, or the negative errno of the first, as
   * it happens now and then and belongs to that message.
   */
  sendMany(fd: number, messages: NativeMemory, first: number, count: number): number;
  /** Undefined when there is no such interface. */
  interfaceIndex(name: string): number | undefined;
  /** getifaddrs(3): every interface at least once, also those without carrier, which Node leaves out. */
  interfaceAddresses(): readonly InterfaceAddress[];
}

/** Memory outside of the JavaScript heap. */
export interface NativeMemory {
  readonly address: number;
  readonly buffer: ArrayBuffer;
  /** Afterwards neither may be used. */
  free(): void;
}

/** struct mmsghdr on a machine of 64 bits. */
export const MESSAGE_BYTES = 64;
/** struct pollfd. */
export const POLLFD_BYTES = 8;

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
  readonly getsockname: (fd: number, address: Uint8Array, length: Uint8Array) => number;
  readonly close: (fd: number) => number;
  readonly mmap: (
    address: number,
    bytes: number,
    protection: number,
    flags: number,
    fd: number,
    at: number,
  ) => bigint | number;
  readonly munmap: (address: bigint, bytes: number) => number;
  readonly eventfd: (start: number, flags: number) => number;
  readonly read: (fd: number, bytes: Uint8Array, length: number) => number | bigint;
  readonly write: (fd: number, bytes: Uint8Array, length: number) => number | bigint;
  readonly poll: (pollfds: bigint, count: number, timeoutMs: number) => number;
  readonly recvmmsg: (fd: number, messages: bigint, count: number, flags: number, timeout: null) => number;
  readonly sendmmsg: (fd: number, messages: bigint, count: number, flags: number) => number;
  readonly if_nametoindex: (name: string) => number;
  readonly getifaddrs: (list: [unknown]) => number;
  readonly freeifaddrs: (list: unknown) => void;
}

function declareCalls(koffi: typeof Koffi): Calls {
  const library = koffi.load(null);
  return {
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
    getsockname: library.func('int getsockname(int fd, void *address, void *length)'),
    close: library.func('int close(int fd)'),
    mmap: library.func(
      'intptr_t mmap(uintptr_t address, size_t bytes, int protection, int flags, int fd, long at)',
    ),
    munmap: library.func('int munmap(uintptr_t address, size_t bytes)'),
    eventfd: library.func('int eventfd(unsigned int start, int flags)'),
    read: library.func('long read(int fd, void *bytes, size_t length)'),
    write: library.func('long write(int fd, const void *bytes, size_t length)'),
    poll: library.func('int poll(uintptr_t pollfds, unsigned long count, int timeoutMs)'),
    recvmmsg: library.func(
      'int recvmmsg(int fd, uintptr_t messages, unsigned int count, int flags, void *timeout)',
    ),
    sendmmsg: library.func('int sendmmsg(int fd, uintptr_t messages, unsigned int count, int flags)'),
    if_nametoindex: library.func('unsigned int if_nametoindex(const char *name)'),
    getifaddrs: library.func('int getifaddrs(_Out_ void **list)'),
    freeifaddrs: library.func('void freeifaddrs(void *list)'),
  };
}

function bindLibc(koffi: typeof Koffi): Libc {
  const calls = declareCalls(koffi);
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
    udpPort: (fd) => udpPort(calls, fd),
    close: (fd) => void check(calls, calls.close(fd), 'close', `close descriptor ${fd}`),
    ...memoryCalls(calls),
    ...waitingCalls(calls),
    ...manyCalls(calls),
    interfaceIndex(name) {
      if (!isInterfaceName(name)) return undefined;
      return calls.if_nametoindex(name) || undefined;
    },
    interfaceAddresses: () => interfaceAddresses(calls),
  };
}

function memoryCalls(calls: Calls): Pick<Libc, 'allocate' | 'mapFile' | 'unmap'> {
  const { koffi } = calls;
  return {
    allocate(bytes) {
      const start = koffi.alloc('uint8_t', bytes);
      const buffer = koffi.view(start, bytes);
      // It may hold what was there before.
      new Uint8Array(buffer).fill(0);
      return { address: Number(koffi.address(start)), buffer, free: () => koffi.free(start) };
    },
    mapFile(fd, bytes) {
      if (!Number.isSafeInteger(bytes) || bytes < 1)
        throw new RangeError(`Cannot map ${bytes} bytes of a file: 1 at least is wanted`);
      const address = BigInt(calls.mmap(0, bytes, PROT_READ, MAP_SHARED, fd, 0));
      if (address === MAP_FAILED) check(calls, -1, 'mmap', `map ${bytes} bytes of a file`);
      return Number(address);
    },
    unmap(address, bytes) {
      check(calls, calls.munmap(BigInt(address), bytes), 'munmap', `unmap ${bytes} bytes of a file`);
    },
  };
}

function waitingCalls(calls: Calls): Pick<Libc, 'eventDescriptor' | 'signal' | 'unsignal' | 'poll'> {
  const one = new Uint8Array(new BigUint64Array([1n]).buffer);
  const taken = new Uint8Array(EVENT_BYTES);
  return {
    eventDescriptor: () =>
      check(calls, calls.eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), 'eventfd', 'make an event descriptor'),
    signal(fd) {
      // EAGAIN: 2^64 signals wait already, and one would do.
      if (Number(calls.write(fd, one, EVENT_BYTES)) === -1) unlessLater(calls, 'write', 'signal a thread');
    },
    unsignal(fd) {
      if (Number(calls.read(fd, taken, EVENT_BYTES)) === -1)
        unlessLater(calls, 'read', 'read a thread’s signals');
    },
    poll(pollfds, count, timeoutMs) {
      if (count * POLLFD_BYTES > pollfds.buffer.byteLength)
        throw new RangeError(`${count} struct pollfd do not fit into ${pollfds.buffer.byteLength} bytes`);
      const ready = calls.poll(BigInt(pollfds.address), count, timeoutMs);
      return ready === -1 ? unlessLater(calls, 'poll', 'wait for a datagram') : ready;
    },
  };
}

function manyCalls(calls: Calls): Pick<Libc, 'receiveMany' | 'sendMany'> {
  const flags = MSG_DONTWAIT | MSG_NOSIGNAL;
  return {
    receiveMany(fd, messages, count) {
      checkMessages(messages, 0, count);
      const came = calls.recvmmsg(fd, BigInt(messages.address), count, MSG_DONTWAIT, null);
      return came === -1 ? unlessLater(calls, 'recvmmsg', 'receive datagrams') : came;
    },
    sendMany(fd, messages, first, count) {
      checkMessages(messages, first, count);
      const at = BigInt(messages.address + first * MESSAGE_BYTES);
      const sent = calls.sendmmsg(fd, at, count, flags);
      return sent === -1 ? -calls.koffi.errno() : sent;
    },
  };
}

function checkMessages(messages: NativeMemory, first: number, count: number): void {
  if (first < 0 || (first + count) * MESSAGE_BYTES > messages.buffer.byteLength)
    throw new RangeError(`Messages ${first} to ${first + count} are not all laid out`);
}

/** 0 when there was nothing to do just now. */
function unlessLater(calls: Calls, call: string, wish: string): 0 {
  const errno = calls.koffi.errno();
  if (errno !== EAGAIN && errno !== EINTR) throw new SystemCallError(call, wish, errno);
  return 0;
}

function udpPort(calls: Calls, fd: number): number {
  const address = sockaddrIn(UNSPECIFIED, 0);
  const result = calls.getsockname(fd, address, int32(address.length));
  check(calls, result, 'getsockname', 'ask for the port of a socket');
  return new DataView(address.buffer).getUint16(2);
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
