import type { ByteSource, Extent } from './byte-source.ts';
import { DecodeError } from './decode-error.ts';

/** A part of a file: bytes of the image it is on, or zeros where nothing was recorded (`offset` is undefined). */
export interface Piece {
  readonly offset: number | undefined;
  readonly length: number;
}

/** Puts a piece behind the others: joined with the last one where it goes on from there. */
export function addPiece(pieces: Piece[], piece: Piece): void {
  if (piece.length === 0) return;
  const last = pieces.at(-1);
  if (last && goesOn(last, piece))
    pieces[pieces.length - 1] = { offset: last.offset, length: last.length + piece.length };
  else pieces.push(piece);
}

function goesOn(last: Piece, next: Piece): boolean {
  return last.offset === undefined ? next.offset === undefined : last.offset + last.length === next.offset;
}

/** The pieces as places in the image; undefined when some are not there, but zeros. */
export function extentsOf(pieces: readonly Piece[]): readonly Extent[] | undefined {
  const extents: Extent[] = [];
  for (const { offset, length } of pieces) {
    if (offset === undefined) return undefined;
    extents.push({ offset, length });
  }
  return extents;
}

/** Pieces of an image as one source. Closing it leaves the image open, which is its owner's. */
export function sourceOfPieces(image: ByteSource, pieces: readonly Piece[]): ByteSource {
  const starts: number[] = [];
  let size = 0;
  for (const { length } of pieces) {
    starts.push(size);
    size += length;
  }
  return {
    size,
    ...(image.readInto === undefined ? {} : { readInto: intoFrom(image, pieces, starts) }),
    async read(offset, length) {
      const end = Math.min(offset + length, size);
      const first = lastAtMost(starts, offset);
      const start = starts[first] ?? 0;
      const around = pieces[first];
      // Nearly every file lies in one piece: its bytes need not be copied.
      if (around?.offset !== undefined && offset < end && end <= start + around.length)
        return await readExactly(image, around.offset + offset - start, end - offset);
      const bytes = new Uint8Array(Math.max(0, end - offset));
      for (let at = offset, index = first; at < end; index += 1) {
        const piece = pieces[index];
        const inside = at - (starts[index] ?? 0);
        const part = Math.min((piece?.length ?? 0) - inside, end - at);
        if (piece?.offset !== undefined)
          bytes.set(await readExactly(image, piece.offset + inside, part), at - offset);
        at += part;
      }
      return bytes;
    },
    close: () => Promise.resolve(),
  };
}

/** What of a piece fits; the next call goes on from there. */
function intoFrom(
  image: ByteSource,
  pieces: readonly Piece[],
  starts: readonly number[],
): NonNullable<ByteSource['readInto']> {
  return async (offset, into) => {
    const index = lastAtMost(starts, offset);
    const piece = pieces[index];
    const inside = offset - (starts[index] ?? 0);
    const wanted = Math.min(into.length, (piece?.length ?? 0) - inside);
    if (piece === undefined || wanted <= 0) return 0;
    const target = into.subarray(0, wanted);
    if (piece.offset === undefined) {
      target.fill(0);
      return wanted;
    }
    const count = (await image.readInto?.(piece.offset + inside, target)) ?? 0;
    if (count === 0) throw new DecodeError('The image ends before its size', piece.offset + inside);
    return count;
  };
}

/** The index of the last number that is not greater than `wanted`, in a list that only grows; 0 when all are. */
export function lastAtMost(numbers: ArrayLike<number>, wanted: number): number {
  let [low, high] = [0, numbers.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((numbers[middle] ?? 0) <= wanted) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** All the bytes there. @throws DecodeError when the source ends before them. */
export async function readExactly(source: ByteSource, offset: number, length: number): Promise<Uint8Array> {
  if (offset < 0 || offset + length > source.size)
    throw new DecodeError(`${length} bytes were expected behind the end of the image`, source.size);
  const first = await source.read(offset, length);
  if (first.length === length) return first;
  const bytes = new Uint8Array(length);
  bytes.set(first);
  // A source may give less at once than is asked for.
  for (let filled = first.length; filled < length; ) {
    const part = await source.read(offset + filled, length - filled);
    if (part.length === 0) throw new DecodeError('The image ends before its size', offset + filled);
    bytes.set(part, filled);
    filled += part.length;
  }
  return bytes;
}
