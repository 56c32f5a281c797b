import type { FileHandle } from 'node:fs/promises';
import type { ByteSource } from '../../lib/byte-source.ts';
import type { MirrorFetch } from './mirror-fetch.ts';
import { type MirrorUpstream, wordsOf } from './mirror-upstream.ts';

/** A file whose bytes did not come as they were promised. No fault of ours: the client is told by breaking off. */
export class BrokenSource extends Error {
  override readonly name = 'BrokenSource';
}

/** A reader that wants bytes so far behind those that have come gets them by a request of its own. */
export const FAR_BYTES = 8 * 2 ** 20;

/** A file that is kept. */
export function keptSource(handle: FileHandle, size: number): ByteSource {
  return {
    size,
    read: (offset, length) => readAt(handle, offset, Math.min(length, size - offset)),
    readInto: async (offset, into) => (await handle.read(into, 0, into.length, offset)).bytesRead,
    close: () => handle.close(),
  };
}

/**
 * A file that is just being fetched, for one reader: bytes as they come. The last of them is given only when the whole
 * is known to be right and in its place, so that no client ends up with a wrong file and takes it for whole.
 *
 * @param handle of the part that has come; it is closed with the source.
 * @param size as the upstream told it.
 * @param direct gives bytes that are far away; it is closed with the source.
 */
export function comingSource(
  fetch: MirrorFetch,
  handle: FileHandle,
  size: number,
  direct: ByteSource,
): ByteSource {
  const { generation } = fetch.partial;
  return {
    size,
    async read(offset, length) {
      const wanted = Math.min(length, size - offset);
      if (wanted <= 0) return new Uint8Array(0);
      if (offset - fetch.partial.have > FAR_BYTES) return await direct.read(offset, wanted);
      for (;;) {
        if (fetch.partial.generation !== generation)
          throw new BrokenSource(`${fetch.wish.path} began anew while it was read`);
        const { ended } = fetch;
        if (ended !== undefined && ended.end !== 'whole')
          throw new BrokenSource(`${fetch.wish.path}: ${'because' in ended ? ended.because : ended.end}`);
        const there = ended === undefined ? Math.min(fetch.partial.have, size - 1) : size;
        if (there > offset) return await readAt(handle, offset, Math.min(wanted, there - offset));
        await fetch.moved();
      }
    },
    async close() {
      await Promise.all([handle.close(), direct.close()]);
    },
  };
}

/** Bytes straight from the upstream, kept nowhere: what is read in order is one request. */
export function upstreamSource(
  upstream: Pick<MirrorUpstream, 'get'>,
  path: string,
  size: number,
  received: (bytes: number) => void,
): ByteSource {
  let body: AsyncIterator<Uint8Array> | undefined;
  let destroy = (): unknown => undefined;
  let at = -1;
  let rest: Uint8Array = new Uint8Array(0);

  async function begin(offset: number): Promise<void> {
    destroy();
    const answer = await upstream.get(path, offset === 0 ? {} : { Range: `bytes=${offset}-` });
    if (answer.got === 'nothing') throw new BrokenSource(`${path}: ${answer.because}`);
    destroy = () => answer.body.destroy();
    const { status, contentRange = '', contentLength } = answer.head;
    const isRight =
      offset === 0
        ? status === 200 && contentLength === size
        : status === 206 && contentRange === `bytes ${offset}-${size - 1}/${size}`;
    if (!isRight) {
      destroy();
      throw new BrokenSource(`${path}: the upstream answered ${status} ${contentRange}`.trim());
    }
    body = (answer.body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
    at = offset;
    rest = new Uint8Array(0);
  }

  return {
    size,
    async read(offset, length) {
      if (offset >= size) return new Uint8Array(0);
      if (offset !== at) await begin(offset);
      if (rest.length === 0) {
        try {
          rest = (await body?.next())?.value ?? rest;
        } catch (error) {
          throw new BrokenSource(`${path}: ${wordsOf(error)}`);
        }
        if (rest.length === 0) throw new BrokenSource(`${path}: the upstream ended before its end`);
        received(rest.length);
      }
      const piece = rest.subarray(0, length);
      rest = rest.subarray(piece.length);
      at += piece.length;
      return piece;
    },
    close() {
      destroy();
      return Promise.resolve();
    },
  };
}

async function readAt(handle: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafe(Math.max(0, length));
  const { bytesRead } = await handle.read(bytes, 0, bytes.length, offset);
  return bytes.subarray(0, bytesRead);
}
