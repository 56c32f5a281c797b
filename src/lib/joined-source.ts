import type { ByteSource } from './byte-source.ts';

/** A source, and where its first byte stands in the whole. Pieces do not overlap. */
export interface Piece {
  readonly offset: number;
  readonly source: ByteSource;
}

/** Sources as one of `size` bytes; between them are zeros. Closing it closes them all. */
export function joinSources(size: number, pieces: readonly Piece[]): ByteSource {
  return {
    size,
    async read(offset, length) {
      const end = Math.min(offset + length, size);
      const bytes = new Uint8Array(Math.max(0, end - offset));
      for (const piece of pieces) {
        const from = Math.max(offset, piece.offset);
        const to = Math.min(end, piece.offset + piece.source.size);
        if (from < to) await fill(bytes.subarray(from - offset, to - offset), piece, from);
      }
      return bytes;
    },
    async close() {
      await Promise.all(pieces.map(({ source }) => source.close()));
    },
  };
}

/** A source may give less at once than is asked for. */
async function fill(into: Uint8Array, { source, offset }: Piece, from: number): Promise<void> {
  let filled = 0;
  while (filled < into.length) {
    const part = await source.read(from - offset + filled, into.length - filled);
    if (part.length === 0) throw new RangeError('A part of the file ends before its size');
    into.set(part, filled);
    filled += part.length;
  }
}
