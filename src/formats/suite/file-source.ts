import { open } from 'node:fs/promises';
import type { ByteSource } from '../../lib/byte-source.ts';

/** A file of the machine that runs the tests, read by position. */
export async function sourceOfFile(path: string): Promise<ByteSource> {
  const file = await open(path);
  const { size } = await file.stat();
  return {
    size,
    async read(offset, length) {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      const { bytesRead } = await file.read(bytes, 0, bytes.length, offset);
      return bytes.subarray(0, bytesRead);
    },
    close: () => file.close(),
  };
}
