import type { ByteSource } from '../../lib/byte-source.ts';

/**
 * Reads a source in pieces, one after the other; a piece is only good until the next is asked for. What can be is read into
 * the same memory again and again: new memory for each piece costs more than the reading.
 */
export function pieceReader(
  source: ByteSource,
  pieceBytes: number,
): (offset: number, length: number) => Promise<Uint8Array> {
  const { size } = source;
  if (source.readInto === undefined) return (offset, length) => source.read(offset, length);
  const memory = new Uint8Array(Math.min(pieceBytes, Math.max(size, 1)));
  return async (offset, length) => {
    const wanted = memory.subarray(0, Math.min(length, memory.length, size - offset));
    return memory.subarray(0, (await source.readInto?.(offset, wanted)) ?? 0);
  };
}
