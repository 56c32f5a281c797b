import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { KeptThreadBegin } from '../../os/kept-threads.ts';
import { loadLibc } from '../../os/libc.ts';
import { ThreadDescriptors } from '../../os/thread-descriptors.ts';
import { ThreadLoop } from '../../os/thread-loop.ts';
import { PlaneLinks } from './plane-links.ts';
import type { PlaneOrder, PlaneTidings } from './plane-messages.ts';

/** A thread of the FTP plane: moves bytes and decides nothing. `plane.ts` starts it. */
const libc = loadLibc();
if ('unavailable' in libc) throw new Error(`A thread of the FTP plane has no C library: ${libc.because}`);
const port = parentPort;
if (!port) throw new Error('The FTP plane runs as a thread only');

const { eventFd, descriptors } = workerData as KeptThreadBegin;
const needs = {
  libc,
  eventFd,
  descriptors: new ThreadDescriptors(descriptors),
  order: () => receiveMessageOnPort(port)?.message as PlaneOrder | undefined,
  tell: (tidings: PlaneTidings) => port.postMessage(tidings),
  nowMs: () => performance.now(),
};
new ThreadLoop(needs, (poll) => new PlaneLinks({ ...needs, poll })).run();
