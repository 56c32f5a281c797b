import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { KeptThreadBegin } from '../../os/kept-threads.ts';
import { loadLibc } from '../../os/libc.ts';
import { PlaneLoop } from './plane-loop.ts';
import type { PlaneOrder } from './plane-messages.ts';

/** A thread of the plane: moves bytes and decides nothing. `plane.ts` starts it. */

const libc = loadLibc();
if ('unavailable' in libc) throw new Error(`A thread of the TFTP plane has no C library: ${libc.because}`);
const port = parentPort;
if (!port) throw new Error('The TFTP plane runs as a thread only');
const { eventFd } = workerData as KeptThreadBegin;
new PlaneLoop({
  libc,
  eventFd,
  order: () => receiveMessageOnPort(port)?.message as PlaneOrder | undefined,
  tell: (tidings) => port.postMessage(tidings),
  nowMs: () => performance.now(),
}).run();
