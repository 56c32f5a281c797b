import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { startThread } from '../../os/start-thread.ts';
import type { Extent } from '../../lib/byte-source.ts';

/** Bytes that are hashed: a file, or parts of one in order. */
export interface HashJob {
  readonly path: string;
  readonly extents?: readonly Extent[];
  readonly algorithm: 'sha256' | 'md5';
}

export type Hashed =
  | { readonly hashed: true; readonly digits: readonly string[] }
  | { readonly hashed: false; readonly because: string };

export type HashTidings = Hashed | { readonly hashed: 'so far'; readonly bytes: number };

/** Read at once: enough that the disk is not asked for every bit, and little memory. */
const PIECE = 1024 * 1024;
/** Bytes between two tellings. */
const TELL_EVERY = 64 * PIECE;

/**
 * Hashes files one after another. It does not give way to anything else, so it belongs into a thread of its own.
 *
 * @param rest called after each piece with how long that took, in milliseconds.
 */
export function hashHere(
  jobs: readonly HashJob[],
  soFar: (bytes: number) => void,
  rest: (busyMs: number) => void,
): Hashed {
  const piece = new Uint8Array(PIECE);
  let done = 0;
  let told = 0;
  const read = (descriptor: number, { offset, length }: Extent, add: (bytes: Uint8Array) => void): void => {
    for (let at = 0; at < length; ) {
      const beganMs = performance.now();
      const count = readSync(descriptor, piece, 0, Math.min(PIECE, length - at), offset + at);
      if (count === 0) throw new RangeError(`it ends at byte ${offset + at}, and had more`);
      add(piece.subarray(0, count));
      at += count;
      done += count;
      if (done - told >= TELL_EVERY) {
        told = done;
        soFar(done);
      }
      rest(performance.now() - beganMs);
    }
  };
  try {
    return { hashed: true, digits: jobs.map((job) => hashJob(job, read)) };
  } catch (error) {
    return { hashed: false, because: error instanceof Error ? error.message : String(error) };
  }
}

function hashJob(
  { path, extents, algorithm }: HashJob,
  read: (descriptor: number, extent: Extent, add: (bytes: Uint8Array) => void) => void,
): string {
  const hash = createHash(algorithm);
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const whole = [{ offset: 0, length: fstatSync(descriptor).size }];
    for (const extent of extents ?? whole) read(descriptor, extent, (bytes) => hash.update(bytes));
  } finally {
    closeSync(descriptor);
  }
  return hash.digest('hex');
}

/** Hashes in a thread, which ends when the signal says so. */
export function hashInThread(
  jobs: readonly HashJob[],
  soFar: (bytes: number) => void,
  enough: AbortSignal,
): Promise<Hashed> {
  return new Promise((resolve) => {
    const worker = startThread({
      name: 'hash',
      source: new URL('./hash-thread.ts', import.meta.url),
      begin: jobs,
    });
    const end = (hashed: Hashed): void => {
      enough.removeEventListener('abort', stop);
      void worker.terminate();
      resolve(hashed);
    };
    const stop = (): void => end({ hashed: false, because: 'it was stopped' });
    enough.addEventListener('abort', stop, { once: true });
    worker.on('message', (tidings: HashTidings) => {
      if (tidings.hashed === 'so far') soFar(tidings.bytes);
      else end(tidings);
    });
    worker.on('error', (error) => end({ hashed: false, because: String(error) }));
    worker.on('exit', () => end({ hashed: false, because: 'its thread ended' }));
    if (enough.aborted) stop();
  });
}
