import type { IpAddress, Ipv4Address, MacAddress } from '../../lib/addresses.ts';
import type { FilterStep, SOCKET_KINDS } from '../sockaddr.ts';
import type { SOCKET_OPTIONS } from './socket-calls.ts';

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
  /** A whole Ethernet II frame, out of that interface. `fd` is of a packet socket. */
  sendFrame(fd: number, interfaceIndex: number, destination: MacAddress, frame: Uint8Array): void;
  /** From then on the packet socket receives the frames of that type that come in there (packet(7)). */
  bindFrames(fd: number, interfaceIndex: number, etherType: number): void;
  /** The card of that interface lets frames to this address in, as long as the packet socket is open. */
  joinFrames(fd: number, interfaceIndex: number, group: MacAddress): void;
  /** Only what these steps let through waits at the socket from then on (SO_ATTACH_FILTER of socket(7)). */
  attachFilter(fd: number, steps: readonly FilterStep[]): void;
  /** An ICMP message, whose header is the caller's (raw(7)). `fd` is of an `icmp` socket. */
  sendIcmp(fd: number, address: Ipv4Address, message: Uint8Array): void;
  /** What waits at a socket, read into the buffer; undefined where nothing does. What does not fit is cut off. */
  receive(fd: number, buffer: Uint8Array): Uint8Array | undefined;
  /** `path` is a file name, or begins with `@` for an abstract name (unix(7)). */
  sendUnix(fd: number, path: string, datagram: Uint8Array): void;
  /** The port a socket is bound to. */
  udpPort(fd: number): number;
  /** @param interfaceIndex of a link-local address: the interface it is on. */
  listenTcp(
    fd: number,
    address: IpAddress,
    port: number,
    options: { readonly interfaceIndex?: number | undefined; readonly backlog: number },
  ): void;
  /**
   * Begins to connect, from that address of ours; the socket can be written to once it is connected, or cannot be.
   *
   * @param interfaceIndex of link-local addresses: the interface they are on.
   */
  connectTcp(
    fd: number,
    address: IpAddress,
    port: number,
    options: { readonly from?: IpAddress | undefined; readonly interfaceIndex?: number | undefined },
  ): void;
  /** What went wrong at a socket since it was asked last, as errno; 0 for nothing. */
  socketError(fd: number): number;
  /** Which congestion control a connection has: `cubic`, as Linux takes it unless told otherwise, `bbr` (tcp(7)). */
  congestionControl(fd: number): string;
  /** The port that a listening socket has. */
  tcpPort(fd: number): number;
  /** The next connection that waits, with a descriptor that does not block; undefined when none does. */
  accept(fd: number): { readonly fd: number; readonly address: IpAddress | undefined } | undefined;
  /** @returns the bytes that came, 0 at the end of the connection, or the negative errno (`-EAGAIN`: none now). */
  receiveInto(fd: number, memory: NativeMemory, length: number): number;
  /** The same for bytes that nobody wants: none is copied. */
  discard(fd: number, length: number): number;
  /** @returns the bytes that were taken, or the negative errno (`-EAGAIN`: the other end does not read). */
  sendFrom(
    fd: number,
    memory: NativeMemory,
    at: number,
    length: number,
    more: 'more follows' | 'the end',
  ): number;
  /** The same for bytes of a file from `at`; 0 where the file ends. */
  sendFile(fd: number, file: number, at: number, length: number): number;
  /** A pipe that holds so many bytes, or as many as this user may have; what goes in comes out. Neither end blocks. */
  openPipe(bytes: number): Pipe;
  /** Puts bytes of a file from `at` into a pipe. @returns how many, 0 where the file ends, or the negative errno (`-EAGAIN`: it is full). */
  fillPipe(input: number, file: number, at: number, length: number): number;
  /** Sends what a pipe holds, or writes it to a file. @returns how many bytes were taken, or the negative errno. */
  emptyPipe(output: number, fd: number, length: number, more: 'more follows' | 'the end'): number;
  /** Nothing more is sent: the other end reads to the end and then sees it (FIN). */
  endOutput(fd: number): void;
  /** An epoll(7) instance. */
  epollOpen(): number;
  /** @param event a struct epoll_event. */
  epollControl(epoll: number, operation: 'add' | 'change' | 'remove', fd: number, event: NativeMemory): void;
  /** @returns how many of `events` are filled; 0 when the time is up. */
  epollWait(epoll: number, events: NativeMemory, most: number, timeoutMs: number): number;
  close(fd: number): void;
  /** Closes a connection and drops what it still holds: the other end learns that this was not all (RST). */
  closeWithReset(fd: number): void;
  /** Memory that stays at its address until it is freed, for structures that hold addresses of each other. */
  allocate(bytes: number): NativeMemory;
  /**
   * The address of a file's bytes from `offset` on, which is a multiple of a page, in this process. Never read there: a file that was truncated meanwhile would end
   * the process with SIGBUS, whereas a system call that is given the address says EFAULT.
   */
  mapFile(fd: number, offset: number, bytes: number): number;
  unmap(address: number, bytes: number): void;
  /** A descriptor by which one thread wakes another that waits in `poll`. */
  eventDescriptor(): number;
  signal(eventDescriptor: number): void;
  /** Takes back all signals that came so far. */
  unsignal(eventDescriptor: number): void;
  /** Waits until one of `count` struct pollfd is ready. @returns how many are; 0 when the time is up. */
  poll(pollfds: NativeMemory, count: number, timeoutMs: number): number;
  /** Blocks this thread for less than a second; the kernel adds the thread's timer slack, mostly 50 (prctl(2)). */
  pause(microseconds: number): void;
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

/** Both ends of a pipe, as descriptors. */
export interface Pipe {
  readonly input: number;
  readonly output: number;
}

export interface NoLibc {
  readonly unavailable: true;
  readonly because: string;
}
