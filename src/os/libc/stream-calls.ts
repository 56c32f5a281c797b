import { addressIn, int32, SOCKADDR_IN6_BYTES, sockaddrOf } from '../sockaddr.ts';
import { FileOffset } from './file-offset.ts';
import { check, EAGAIN, type ForeignCalls, resultOf } from './foreign-calls.ts';
import type { Libc, NativeMemory } from './libc-types.ts';

const SOCK_CLOEXEC = 0o2_000_000;
const SOCK_NONBLOCK = 0o4_000;
/** Of a connection: what is received goes nowhere (tcp(7)). */
const MSG_TRUNC = 0x20;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
/** More follows at once: the kernel waits for it before it sends a segment that is not full (send(2)). */
const MSG_MORE = 0x8000;
const SHUT_WR = 1;
const EINPROGRESS = 115;
const SOL_SOCKET = 1;
const SO_ERROR = 4;
const SO_LINGER = 13;
const IPPROTO_TCP = 6;
/** tcp(7). */
const TCP_CONGESTION = 13;
/** TCP_CA_NAME_MAX of linux/tcp.h, the zero at the end included. */
const CONGESTION_NAME_BYTES = 16;
/** accept(2): what comes of a connection that is over already, or of a network that is gone, is no fault of the listener. */
const OF_THE_CONNECTION: ReadonlySet<number> = new Set([
  EAGAIN,
  4,
  71,
  92,
  95,
  100,
  101,
  103,
  110,
  111,
  112,
  113,
]);

/** Connections of TCP, and files that the kernel sends there by itself. */
export function streamCalls(calls: ForeignCalls): OpeningCalls & MovingCalls {
  return { ...openingCalls(calls), ...movingCalls(calls) };
}

type OpeningCalls = Pick<
  Libc,
  | 'listenTcp'
  | 'connectTcp'
  | 'socketError'
  | 'congestionControl'
  | 'tcpPort'
  | 'accept'
  | 'endOutput'
  | 'closeWithReset'
>;
type MovingCalls = Pick<Libc, 'receiveInto' | 'discard' | 'sendFrom' | 'sendFile'>;

function openingCalls(calls: ForeignCalls): OpeningCalls {
  const peer = new Uint8Array(SOCKADDR_IN6_BYTES);
  return {
    listenTcp(fd, address, port, { interfaceIndex, backlog }) {
      const sockaddr = sockaddrOf(address, port, interfaceIndex);
      check(calls, calls.bind(fd, sockaddr, sockaddr.length), 'bind', `bind ${address} TCP port ${port}`);
      check(calls, calls.listen(fd, backlog), 'listen', `listen at ${address} TCP port ${port}`);
    },
    connectTcp(fd, address, port, { from, interfaceIndex }) {
      if (from !== undefined) {
        const own = sockaddrOf(from, 0, interfaceIndex);
        check(calls, calls.bind(fd, own, own.length), 'bind', `bind ${from}`);
      }
      const sockaddr = sockaddrOf(address, port, interfaceIndex);
      const result = calls.connect(fd, sockaddr, sockaddr.length);
      if (result === -1 && calls.errno() === EINPROGRESS) return;
      check(calls, result, 'connect', `connect to ${address} TCP port ${port}`);
    },
    socketError(fd) {
      const error = int32(0);
      const result = calls.getsockopt(fd, SOL_SOCKET, SO_ERROR, error, int32(error.length));
      check(calls, result, 'getsockopt', 'ask for the error of a socket');
      return numberIn(error);
    },
    congestionControl(fd) {
      const name = Buffer.alloc(CONGESTION_NAME_BYTES);
      const result = calls.getsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, name, int32(name.length));
      check(calls, result, 'getsockopt', 'ask for the congestion control of a connection');
      return name.toString('latin1', 0, name.indexOf(0));
    },
    tcpPort(fd) {
      const sockaddr = new Uint8Array(SOCKADDR_IN6_BYTES);
      const result = calls.getsockname(fd, sockaddr, int32(sockaddr.length));
      check(calls, result, 'getsockname', 'ask for the port of a socket');
      return new DataView(sockaddr.buffer).getUint16(2);
    },
    accept(fd) {
      const length = int32(SOCKADDR_IN6_BYTES);
      const accepted = calls.accept4(fd, peer, length, SOCK_CLOEXEC | SOCK_NONBLOCK);
      if (accepted === -1) {
        if (OF_THE_CONNECTION.has(calls.errno())) return undefined;
        return check(calls, -1, 'accept4', 'accept a connection') as never;
      }
      return { fd: accepted, address: addressIn(peer) };
    },
    endOutput(fd) {
      // One that is gone already is ended.
      calls.shutdown(fd, SHUT_WR);
    },
    closeWithReset(fd) {
      // struct linger: it is on, and lasts no second. Where that is refused, this is an orderly end.
      const linger = Buffer.concat([int32(1), int32(0)]);
      calls.setsockopt(fd, SOL_SOCKET, SO_LINGER, linger, linger.length);
      calls.close(fd);
    },
  };
}

function movingCalls(calls: ForeignCalls): MovingCalls {
  const offset = new FileOffset(calls);
  return {
    receiveInto(fd, memory, length) {
      checkPlace(memory, 0, length);
      return resultOf(calls, calls.recvAt(fd, memory.address, length, MSG_DONTWAIT));
    },
    discard: (fd, length) => resultOf(calls, calls.recvAt(fd, 0, length, MSG_DONTWAIT | MSG_TRUNC)),
    sendFrom(fd, memory, at, length, more) {
      checkPlace(memory, at, length);
      const flags = MSG_DONTWAIT | MSG_NOSIGNAL | (more === 'more follows' ? MSG_MORE : 0);
      return resultOf(calls, calls.sendAt(fd, memory.address + at, length, flags));
    },
    sendFile: (fd, file, at, length) => resultOf(calls, calls.sendfile(fd, file, offset.set(at), length)),
  };
}

/** The int that C wrote. */
function numberIn(bytes: Uint8Array): number {
  return new Int32Array(bytes.buffer, bytes.byteOffset, 1)[0] ?? 0;
}

function checkPlace(memory: NativeMemory, at: number, length: number): void {
  if (at < 0 || length < 0 || at + length > memory.buffer.byteLength)
    throw new RangeError(
      `Bytes ${at} to ${at + length} are not in memory of ${memory.buffer.byteLength} bytes`,
    );
}
