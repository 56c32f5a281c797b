import type { ByteSource } from '../../lib/byte-source.ts';

/** A source that gives out after so many reads or bytes: whoever reads without end is found out. */
export function watchedSource(bytes: Uint8Array, mostReads: number, mostBytes: number): ByteSource {
  let [reads, given] = [0, 0];
  return {
    size: bytes.length,
    read(offset, length) {
      reads += 1;
      const part = bytes.subarray(offset, offset + length);
      given += part.length;
      if (reads > mostReads || given > mostBytes)
        throw new Error(`${reads} reads of ${given} bytes in all are too many`);
      return Promise.resolve(part);
    },
    close: () => Promise.resolve(),
  };
}
