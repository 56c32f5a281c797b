import { check, type ForeignCalls, unlessLater } from './foreign-calls.ts';
import type { Libc, NativeMemory } from './libc-types.ts';

const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
/** eventfd(2). */
const EFD_CLOEXEC = 0o2_000_000;
const EFD_NONBLOCK = 0o4_000;
const EVENT_BYTES = 8;
/** mmap(2). */
const PROT_READ = 0x1;
const MAP_SHARED = 0x1;
const MAP_FAILED = -1n;

/** struct mmsghdr on a machine of 64 bits. */
export const MESSAGE_BYTES = 64;
/** usleep(3) takes less than a second. */
const MICROSECONDS = 1_000_000;
/** struct pollfd. */
export const POLLFD_BYTES = 8;

/** Memory outside of the JavaScript heap, and files that are mapped there. */
export function memoryCalls(calls: ForeignCalls): Pick<Libc, 'allocate' | 'mapFile' | 'unmap'> {
  return {
    allocate: (bytes) => calls.allocate(bytes),
    mapFile(fd, offset, bytes) {
      if (!Number.isSafeInteger(bytes) || bytes < 1)
        throw new RangeError(`Cannot map ${bytes} bytes of a file: 1 at least is wanted`);
      const address = BigInt(calls.mmap(0, bytes, PROT_READ, MAP_SHARED, fd, offset));
      if (address === MAP_FAILED) check(calls, -1, 'mmap', `map ${bytes} bytes of a file`);
      return Number(address);
    },
    unmap(address, bytes) {
      check(calls, calls.munmap(address, bytes), 'munmap', `unmap ${bytes} bytes of a file`);
    },
  };
}

/** How threads wake each other, and wait for datagrams. */
export function waitingCalls(
  calls: ForeignCalls,
): Pick<Libc, 'eventDescriptor' | 'signal' | 'unsignal' | 'poll' | 'pause'> {
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
      const ready = calls.poll(pollfds.address, count, timeoutMs);
      return ready === -1 ? unlessLater(calls, 'poll', 'wait for a datagram') : ready;
    },
    pause(microseconds) {
      if (!(microseconds >= 0 && microseconds < MICROSECONDS))
        throw new RangeError(
          `Cannot pause for ${microseconds} microseconds: 0 to ${MICROSECONDS - 1} are possible`,
        );
      if (calls.usleep(microseconds) === -1) unlessLater(calls, 'usleep', 'pause');
    },
  };
}

/** Many datagrams in one call. */
export function manyCalls(calls: ForeignCalls): Pick<Libc, 'receiveMany' | 'sendMany'> {
  const flags = MSG_DONTWAIT | MSG_NOSIGNAL;
  return {
    receiveMany(fd, messages, count) {
      checkMessages(messages, 0, count);
      const came = calls.recvmmsg(fd, messages.address, count, MSG_DONTWAIT, null);
      return came === -1 ? unlessLater(calls, 'recvmmsg', 'receive datagrams') : came;
    },
    sendMany(fd, messages, first, count) {
      checkMessages(messages, first, count);
      const sent = calls.sendmmsg(fd, messages.address + first * MESSAGE_BYTES, count, flags);
      return sent === -1 ? -calls.errno() : sent;
    },
  };
}

function checkMessages(messages: NativeMemory, first: number, count: number): void {
  if (first < 0 || (first + count) * MESSAGE_BYTES > messages.buffer.byteLength)
    throw new RangeError(`Messages ${first} to ${first + count} are not all laid out`);
}
