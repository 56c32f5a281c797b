import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { KeptThreadBegin } from '../../os/kept-threads.ts';
import { loadLibc } from '../../os/libc.ts';
import { ThreadDescriptors } from '../../os/thread-descriptors.ts';
import { PlaneLoop } from './plane-loop.ts';
import type { PlaneOrder } from './plane-messages.ts';

/** The thread of the NFS plane: moves bytes and decides nothing. `plane.ts` starts it. */

const libc = loadLibc();
if ('unavailable' in libc) throw new Error(`The thread of the NFS plane has no C library: ${libc.because}`);
const port = parentPort;
if (!port) throw new Error('The NFS plane runs as a thread only');
const { eventFd, descriptors } = workerData as KeptThreadBegin;
new PlaneLoop({
  libc,
  eventFd,
  descriptors: new ThreadDescriptors(descriptors),
  order: () => receiveMessageOnPort(port)?.message as PlaneOrder | undefined,
  tell: (tidings) => port.postMessage(tidings),
  nowMs: () => performance.now(),
}).run();
