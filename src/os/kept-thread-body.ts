import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { KeptThreadBegin } from './kept-threads.ts';
import { loadLibc } from './libc.ts';
import { ThreadDescriptors } from './thread-descriptors.ts';
import type { ThreadLoopNeeds } from './thread-loop.ts';

/**
 * What a thread of `KeptThreads` has from its start on, to be called once there: a thread moves bytes and decides nothing.
 *
 * @param plane whose thread it is, for whoever reads that it cannot run.
 */
export function keptThreadBody<Order, Tidings>(plane: string): ThreadLoopNeeds<Order, Tidings> {
  const libc = loadLibc();
  if ('unavailable' in libc) throw new Error(`A thread of the ${plane} has no C library: ${libc.because}`);
  const port = parentPort;
  if (!port) throw new Error(`The ${plane} runs as a thread only`);
  const { eventFd, descriptors } = workerData as KeptThreadBegin;
  return {
    libc,
    eventFd,
    descriptors: new ThreadDescriptors(descriptors),
    order: () => receiveMessageOnPort(port)?.message as Order | undefined,
    tell: (tidings) => port.postMessage(tidings),
    nowMs: () => performance.now(),
  };
}
