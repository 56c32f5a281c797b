import { check, type ForeignCalls, unlessLater } from './foreign-calls.ts';
import type { Libc } from './libc-types.ts';

/** epoll_ctl(2). */
const EPOLL_CTL = { add: 1, remove: 2, change: 3 } as const;
const EPOLL_CLOEXEC = 0o2_000_000;

/**
 * struct epoll_event, which is packed on x64 alone: the events, and a value of 64 bits that comes back with them.
 */
export const EPOLL_EVENT =
  process.arch === 'x64' || process.arch === 'ia32' ? { bytes: 12, value: 4 } : { bytes: 16, value: 8 };

/** Waiting for many descriptors, at a cost that does not grow with their number. */
export function eventCalls(calls: ForeignCalls): Pick<Libc, 'epollOpen' | 'epollControl' | 'epollWait'> {
  return {
    epollOpen: () =>
      check(calls, calls.epoll_create1(EPOLL_CLOEXEC), 'epoll_create1', 'wait for descriptors'),
    epollControl(epoll, operation, fd, event) {
      const result = calls.epoll_ctl(epoll, EPOLL_CTL[operation], fd, event.address);
      check(calls, result, 'epoll_ctl', `${operation} descriptor ${fd} that is waited for`);
    },
    epollWait(epoll, events, most, timeoutMs) {
      if (most * EPOLL_EVENT.bytes > events.buffer.byteLength)
        throw new RangeError(`${most} struct epoll_event do not fit into ${events.buffer.byteLength} bytes`);
      const ready = calls.epoll_wait(epoll, events.address, most, timeoutMs);
      return ready === -1 ? unlessLater(calls, 'epoll_wait', 'wait for descriptors') : ready;
    },
  };
}
