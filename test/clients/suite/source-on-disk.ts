import { openSync, readSync, writeFileSync } from 'node:fs';
import type { ByteSource } from '../../../src/lib/byte-source.ts';

/**
 * Bytes in a file of a disk, which a thread can send: as many times as they are given, of which one is written. The file stays
 * open for as long as the tests run.
 */
export function sourceOnDisk(path: string, times: readonly (string | Uint8Array)[]): ByteSource {
  const [bytes = ''] = times;
  writeFileSync(path, bytes);
  const descriptor = openSync(path, 'r');
  const length = Buffer.byteLength(bytes);
  return {
    size: length * times.length,
    parts: { file: { descriptor, identity: path }, extents: times.map(() => ({ offset: 0, length })) },
    read: (offset, wanted) => {
      const into = new Uint8Array(wanted);
      return Promise.resolve(into.subarray(0, readSync(descriptor, into, 0, wanted, offset % length)));
    },
    close: () => Promise.resolve(),
  };
}
