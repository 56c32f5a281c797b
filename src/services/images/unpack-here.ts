import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import xz from 'xz-decompress';
import { ZSTDDecoder } from 'zstddec/stream';

/** How the bytes of a file are packed that Node 20 cannot unpack. */
export type ThreadPacking = 'xz' | 'zstd';

export interface UnpackJob {
  readonly file: string;
  readonly packing: ThreadPacking;
}

/** Packed bytes that are taken at once. */
const PIECE_BYTES = 16 * 1024;

/**
 * What is packed in the file, piece by piece. It does not give way to anything else, and its memory is not given back
 * to the process, so it belongs into a thread of its own.
 */
export async function* unpackedHere({ file, packing }: UnpackJob): AsyncGenerator<Uint8Array> {
  if (packing === 'xz') yield* unpackXz(file);
  else yield* await unpackZstd(file);
}

/** What xz-embedded answers (`xz.h`, `enum xz_ret`), where a reader can make something of it. */
const XZ_REASONS: Readonly<Record<string, string>> = {
  '4': 'it needs more than 64 MiB of memory to be unpacked',
  '5': 'it is not packed with xz',
  '6': 'it is packed with a filter or a check of xz that is not read here',
  '7': 'it is damaged',
  '8': 'it ends too early',
};

async function* unpackXz(file: string): AsyncGenerator<Uint8Array> {
  // The library would trip over it.
  if (statSync(file).size === 0) throw new RangeError(XZ_REASONS['8']);
  const packed = Readable.toWeb(createReadStream(file, { highWaterMark: PIECE_BYTES }));
  const unpacked = new xz.XzReadableStream(packed) as ReadableStream<Uint8Array>;
  try {
    yield* unpacked;
  } catch (error) {
    const [, code = ''] = /error code (\d+)/.exec(String(error)) ?? [];
    throw new RangeError(XZ_REASONS[code] ?? `it cannot be unpacked (${String(error)})`);
  }
}

/** Calls of the decoder in a row that give nothing, while it is handed nothing new: more than two, and it is stuck. */
const EMPTY_CALLS = 2;

async function unpackZstd(file: string): Promise<Iterable<Uint8Array>> {
  const decoder = new ZSTDDecoder();
  await decoder.init();
  return unpackWith(decoder, file);
}

function* unpackWith(decoder: ZSTDDecoder, file: string): Generator<Uint8Array> {
  let emptyCalls = 0;
  const packed = piecesOf(file, () => {
    emptyCalls = 0;
  });
  // The library does not look at what the decoder answers: where that is an error, nothing comes any more, for ever.
  for (const piece of decoder.decodeStreaming(packed)) {
    if (piece.length > 0) emptyCalls = 0;
    else emptyCalls += 1;
    if (emptyCalls > EMPTY_CALLS)
      throw new RangeError('it is damaged, or needs more than 128 MiB of memory to be unpacked');
    yield piece;
  }
}

function* piecesOf(file: string, taken: () => void): Generator<Uint8Array> {
  const descriptor = openSync(file, 'r');
  const piece = new Uint8Array(PIECE_BYTES);
  try {
    for (let count = readSync(descriptor, piece); count > 0; count = readSync(descriptor, piece)) {
      taken();
      yield piece.subarray(0, count);
    }
  } finally {
    closeSync(descriptor);
  }
}
