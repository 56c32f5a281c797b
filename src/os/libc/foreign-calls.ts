/** The functions of the C library as they are, and the only file that knows koffi. */
import { createRequire } from 'node:module';
import type * as Koffi from 'koffi';
import { SystemCallError } from '../system-call-error.ts';
import type { NativeMemory } from './libc-types.ts';

/** What a call says when there is nothing to do now: the same numbers on every machine of KNOWN_MACHINES. */
export const EINTR = 4;
export const EAGAIN = 11;

/** What there is of C. */
export interface ForeignCalls extends CFunctions {
  readonly errno: () => number;
  /** Zeroed, and at its address until it is freed. */
  readonly allocate: (bytes: number) => NativeMemory;
  /** What lies at a pointer that a function gave: only for as long as that function says. */
  readonly ifaddrsAt: (pointer: unknown) => IfaddrsRow;
  readonly uint16At: (pointer: unknown) => number;
  readonly bytesAt: (pointer: unknown, bytes: number) => Uint8Array;
  /** setsockopt with a program as its value. */
  readonly setFilter: (fd: number, level: number, name: number, value: FilterValue, length: number) => number;
  /** sizeof(struct sock_fprog). */
  readonly filterValueBytes: number;
}

/** They return -1 or 0 and set errno. */
interface CFunctions {
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
  readonly listen: (fd: number, backlog: number) => number;
  readonly connect: (fd: number, address: Uint8Array, length: number) => number;
  readonly getsockopt: (
    fd: number,
    level: number,
    name: number,
    value: Uint8Array,
    length: Uint8Array,
  ) => number;
  readonly accept4: (fd: number, address: Uint8Array, length: Uint8Array, flags: number) => number;
  /** The same as `recv` and `send` of bytes that stay at their address. */
  readonly recvAt: (fd: number, address: number, length: number, flags: number) => number | bigint;
  readonly sendAt: (fd: number, address: number, length: number, flags: number) => number | bigint;
  readonly sendfile: (to: number, from: number, offset: number, length: number) => number | bigint;
  /** @param fromOffset the address of a loff_t; 0 for a pipe, as `toOffset` is. */
  readonly splice: (
    from: number,
    fromOffset: number,
    to: number,
    toOffset: number,
    length: number,
    flags: number,
  ) => number | bigint;
  readonly pipe2: (ends: Uint8Array, flags: number) => number;
  readonly fcntl: (fd: number, command: number, value: number) => number;
  readonly shutdown: (fd: number, how: number) => number;
  readonly epoll_create1: (flags: number) => number;
  readonly epoll_ctl: (epoll: number, operation: number, fd: number, event: number) => number;
  readonly epoll_wait: (epoll: number, events: number, most: number, timeoutMs: number) => number;
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
  readonly munmap: (address: number, bytes: number) => number;
  readonly eventfd: (start: number, flags: number) => number;
  readonly read: (fd: number, bytes: Uint8Array, length: number) => number | bigint;
  readonly write: (fd: number, bytes: Uint8Array, length: number) => number | bigint;
  readonly poll: (pollfds: number, count: number, timeoutMs: number) => number;
  readonly usleep: (microseconds: number) => number;
  readonly recvmmsg: (fd: number, messages: number, count: number, flags: number, timeout: null) => number;
  readonly sendmmsg: (fd: number, messages: number, count: number, flags: number) => number;
  readonly if_nametoindex: (name: string) => number;
  readonly getifaddrs: (list: [unknown]) => number;
  readonly freeifaddrs: (list: unknown) => void;
}

/** struct sock_fprog (linux/filter.h). */
interface FilterValue {
  readonly len: number;
  readonly filter: Uint8Array;
}

/** A row of getifaddrs(3), with pointers as koffi gives them. */
export interface IfaddrsRow {
  readonly ifa_next: unknown;
  readonly ifa_name: string;
  readonly ifa_flags: number;
  readonly ifa_addr: unknown;
  readonly ifa_netmask: unknown;
}

/** @throws Error where koffi has no binary for this machine. */
export function declareForeignCalls(): ForeignCalls {
  // Not an import: a machine for which koffi has no binary must still start.
  const koffi = createRequire(import.meta.url)('koffi') as typeof Koffi;
  const ifaddrs = koffi.struct({
    ifa_next: 'void *',
    ifa_name: 'char *',
    ifa_flags: 'uint32_t',
    ifa_addr: 'void *',
    ifa_netmask: 'void *',
  });
  const filterValue = koffi.struct({ len: 'uint16_t', filter: 'void *' });
  const library = koffi.load(null);
  return {
    errno: () => koffi.errno(),
    allocate: (bytes) => allocate(koffi, bytes),
    ifaddrsAt: (pointer) => koffi.decode(pointer, ifaddrs) as IfaddrsRow,
    uint16At: (pointer) => koffi.decode(pointer, 'uint16_t') as number,
    bytesAt: (pointer, bytes) => koffi.decode(pointer, koffi.array('uint8_t', bytes, 'Typed')) as Uint8Array,
    filterValueBytes: koffi.sizeof(filterValue),
    setFilter: library.func('setsockopt', 'int', [
      'int',
      'int',
      'int',
      koffi.pointer(filterValue),
      'uint32_t',
    ]),
    ...declareFunctions(library),
  };
}

function declareFunctions(library: Koffi.LibraryHandle): CFunctions {
  return {
    socket: library.func('int socket(int family, int type, int protocol)'),
    setsockopt: library.func(
      'int setsockopt(int fd, int level, int name, const void *value, uint32_t length)',
    ),
    bind: library.func('int bind(int fd, const void *address, uint32_t length)'),
    sendto: library.func(
      'long sendto(int fd, const void *bytes, size_t length, int flags, const void *address, uint32_t addressLength)',
    ),
    recv: library.func('long recv(int fd, void *buffer, size_t length, int flags)'),
    listen: library.func('int listen(int fd, int backlog)'),
    connect: library.func('int connect(int fd, const void *address, uint32_t length)'),
    getsockopt: library.func('int getsockopt(int fd, int level, int name, void *value, void *length)'),
    accept4: library.func('int accept4(int fd, void *address, void *length, int flags)'),
    recvAt: library.func('recv', 'long', ['int', 'uintptr_t', 'size_t', 'int']),
    sendAt: library.func('send', 'long', ['int', 'uintptr_t', 'size_t', 'int']),
    sendfile: library.func('long sendfile(int to, int from, uintptr_t offset, size_t length)'),
    splice: library.func(
      'long splice(int from, uintptr_t fromOffset, int to, uintptr_t toOffset, size_t length, unsigned int flags)',
    ),
    pipe2: library.func('int pipe2(void *ends, int flags)'),
    fcntl: library.func('int fcntl(int fd, int command, int value)'),
    shutdown: library.func('int shutdown(int fd, int how)'),
    epoll_create1: library.func('int epoll_create1(int flags)'),
    epoll_ctl: library.func('int epoll_ctl(int epoll, int operation, int fd, uintptr_t event)'),
    epoll_wait: library.func('int epoll_wait(int epoll, uintptr_t events, int most, int timeoutMs)'),
    getsockname: library.func('int getsockname(int fd, void *address, void *length)'),
    recvmmsg: library.func(
      'int recvmmsg(int fd, uintptr_t messages, unsigned int count, int flags, void *timeout)',
    ),
    sendmmsg: library.func('int sendmmsg(int fd, uintptr_t messages, unsigned int count, int flags)'),
    usleep: library.func('int usleep(unsigned int microseconds)'),
    poll: library.func('int poll(uintptr_t pollfds, unsigned long count, int timeoutMs)'),
    if_nametoindex: library.func('unsigned int if_nametoindex(const char *name)'),
    getifaddrs: library.func('int getifaddrs(_Out_ void **list)'),
    freeifaddrs: library.func('void freeifaddrs(void *list)'),
    close: library.func('int close(int fd)'),
    mmap: library.func(
      'intptr_t mmap(uintptr_t address, size_t bytes, int protection, int flags, int fd, long at)',
    ),
    munmap: library.func('int munmap(uintptr_t address, size_t bytes)'),
    eventfd: library.func('int eventfd(unsigned int start, int flags)'),
    read: library.func('long read(int fd, void *bytes, size_t length)'),
    write: library.func('long write(int fd, const void *bytes, size_t length)'),
  };
}

function allocate(koffi: typeof Koffi, bytes: number): NativeMemory {
  const start = koffi.alloc('uint8_t', bytes);
  const buffer = koffi.view(start, bytes);
  // It may hold what was there before.
  new Uint8Array(buffer).fill(0);
  return { address: Number(koffi.address(start)), buffer, free: () => koffi.free(start) };
}

/** What C says, or the negative errno. */
export function resultOf(calls: ForeignCalls, result: number | bigint): number {
  const number = Number(result);
  return number === -1 ? -calls.errno() : number;
}

/** The result, unless it is -1. */
export function check(calls: ForeignCalls, result: number, call: string, wish: string): number {
  if (result === -1) throw new SystemCallError(call, wish, calls.errno());
  return result;
}

/** 0 when there was nothing to do just now. */
export function unlessLater(calls: ForeignCalls, call: string, wish: string): 0 {
  const errno = calls.errno();
  if (errno !== EAGAIN && errno !== EINTR) throw new SystemCallError(call, wish, errno);
  return 0;
}
