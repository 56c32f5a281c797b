/**
 * The C library. Every function here checks the length of what it hands over and turns errno into a
 * `SystemCallError`. Numbers are those of Linux on the machines of `KNOWN_MACHINES`.
 */
import { isInterfaceName } from './sockaddr.ts';
import { manyCalls, memoryCalls, waitingCalls } from './libc/batch-calls.ts';
import { eventCalls } from './libc/event-calls.ts';
import { check, declareForeignCalls, type ForeignCalls } from './libc/foreign-calls.ts';
import { frameCalls } from './libc/frame-calls.ts';
import { interfaceAddresses } from './libc/interface-addresses.ts';
import type { Libc, NoLibc } from './libc/libc-types.ts';
import { pipeCalls } from './libc/pipe-calls.ts';
import { socketCalls } from './libc/socket-calls.ts';
import { streamCalls } from './libc/stream-calls.ts';

export { MESSAGE_BYTES, POLLFD_BYTES } from './libc/batch-calls.ts';
export { EPOLL_EVENT } from './libc/event-calls.ts';
export { EAGAIN } from './libc/foreign-calls.ts';
export type { InterfaceAddress, Libc, NativeMemory, NoLibc, Pipe } from './libc/libc-types.ts';

/** Where the constants in `libc/` are those of `asm-generic`; MIPS, Alpha, PA-RISC and SPARC have others. */
const KNOWN_MACHINES = ['x64', 'arm64', 'arm', 'ia32', 'riscv64', 'loong64', 'ppc64', 's390x'];

/** For IP_MTU_DISCOVER: never set DF (ip(7)). */
export const IP_PMTUDISC_DONT = 0;

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
    return bindLibc(declareForeignCalls());
  } catch (error) {
    return unavailable(`koffi does not load here: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function unavailable(because: string): NoLibc {
  return { unavailable: true, because };
}

function bindLibc(calls: ForeignCalls): Libc {
  return {
    ...socketCalls(calls),
    ...frameCalls(calls),
    ...memoryCalls(calls),
    ...waitingCalls(calls),
    ...manyCalls(calls),
    ...streamCalls(calls),
    ...pipeCalls(calls),
    ...eventCalls(calls),
    close: (fd) => void check(calls, calls.close(fd), 'close', `close descriptor ${fd}`),
    interfaceIndex(name) {
      if (!isInterfaceName(name)) return undefined;
      return calls.if_nametoindex(name) || undefined;
    },
    interfaceAddresses: () => interfaceAddresses(calls),
  };
}
