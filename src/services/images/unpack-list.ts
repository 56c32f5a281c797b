import { on } from 'node:events';
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { setImmediate as othersTurn } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import type { Packing } from '../../core/mirrors/proof-lists.ts';
import { startThread } from '../../os/start-thread.ts';
import type { UnpackJob } from './unpack-here.ts';

/** Bytes of one list, unpacked: what Debian lists of one architecture has 50 million. */
export const MAX_UNPACKED_BYTES = 1_000_000_000;

/** Pieces that the thread unpacks before the first of them was taken; each has 128 KiB at most. */
export const PIECES_AHEAD = 8;

export type UnpackTidings =
  | { readonly is: 'piece'; readonly bytes: Uint8Array }
  | { readonly is: 'end' }
  | { readonly is: 'failed'; readonly because: string };

/**
 * The bytes of a list, unpacked, in pieces between which others have their turn. A small file may hold very much (a
 * decompression bomb), so nothing is unpacked that was not asked for, and all of it is bounded.
 *
 * @throws RangeError where it is damaged, or larger than `maxBytes`.
 */
export async function* unpackList(
  file: string,
  packing: Packing,
  maxBytes = MAX_UNPACKED_BYTES,
): AsyncGenerator<Uint8Array> {
  let unpacked = 0;
  for await (const piece of piecesOf(file, packing)) {
    unpacked += piece.length;
    if (unpacked > maxBytes) throw new RangeError(`it has more than ${maxBytes} bytes when it is unpacked`);
    yield piece;
  }
}

function piecesOf(file: string, packing: Packing): AsyncIterable<Uint8Array> {
  switch (packing) {
    case 'plain':
      return createReadStream(file);
    case 'gzip':
      return unzipped(createReadStream(file));
    case 'xz':
    case 'zstd':
      return unpackedInThread({ file, packing });
    default:
      return packing satisfies never;
  }
}

/** `pipe` alone would leave the reader waiting when the file cannot be read. */
function unzipped(from: Readable): Readable {
  const through = createGunzip();
  from.on('error', (error) => through.destroy(error));
  through.on('close', () => from.destroy());
  return from.pipe(through);
}

/** Its memory goes with the thread: 64 MiB for what `xz -9` packed, up to 128 MiB for zstd. */
async function* unpackedInThread(job: UnpackJob): AsyncGenerator<Uint8Array> {
  const worker = startThread({
    name: 'unpack',
    source: new URL('./unpack-thread.ts', import.meta.url),
    begin: job,
  });
  try {
    for await (const [tidings] of on(worker, 'message', { close: ['exit'] }) as AsyncIterable<
      [UnpackTidings]
    >) {
      if (tidings.is === 'end') return;
      if (tidings.is === 'failed') throw new RangeError(tidings.because);
      yield tidings.bytes;
      // Node hands over up to a thousand messages before anything else has its turn.
      await othersTurn();
      worker.postMessage('more');
    }
    throw new RangeError('the thread that unpacked it ended');
  } finally {
    await worker.terminate();
  }
}
