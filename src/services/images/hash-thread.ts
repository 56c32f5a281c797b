import { parentPort, workerData } from 'node:worker_threads';
import { hashHere, type HashJob, type HashTidings } from './hash-files.ts';

/**
 * It rests as long as it worked: half of a processor and half of the disk at most are for checksums, and the rest for
 * machines that install.
 */
const WORK_SHARE = 0.5;
/** Shorter rests are gathered: waking up costs too. */
const LEAST_REST_MS = 5;

const sleeper = new Int32Array(new SharedArrayBuffer(4));
let owedMs = 0;

function rest(busyMs: number): void {
  owedMs += (busyMs * (1 - WORK_SHARE)) / WORK_SHARE;
  if (owedMs < LEAST_REST_MS) return;
  Atomics.wait(sleeper, 0, 0, owedMs);
  owedMs = 0;
}

const tell = (tidings: HashTidings): void => parentPort?.postMessage(tidings);
tell(hashHere(workerData as readonly HashJob[], (bytes) => tell({ hashed: 'so far', bytes }), rest));
