import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ByteSource, sourceOfBytes } from './byte-source.ts';
import { DecodeError } from './decode-error.ts';
import { sourceOfPieces } from './pieces.ts';

test('any part of a file is that of its pieces, in their order', async () => {
  const extent = fc.record({ offset: fc.nat(150), length: fc.nat(50) });
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ minLength: 200, maxLength: 200 }),
      fc.array(extent, { maxLength: 5 }),
      fc.nat(260),
      fc.nat(260),
      async (disc, extents, offset, length) => {
        const file = sourceOfPieces(inSmallParts(disc), extents);
        const whole = extents.flatMap((piece) => [
          ...disc.subarray(piece.offset, piece.offset + piece.length),
        ]);
        expect(file.size).toBe(whole.length);
        expect([...(await file.read(offset, length))]).toEqual(whole.slice(offset, offset + length));
      },
    ),
  );
});

test('a disc that ends within the file is an error, and closing a file leaves the disc open', async () => {
  let closed = false;
  const disc: ByteSource = {
    ...sourceOfBytes(new Uint8Array(10)),
    close: () => Promise.resolve(void (closed = true)),
  };
  const file = sourceOfPieces(disc, [{ offset: 5, length: 10 }]);
  await expect(file.read(0, 10)).rejects.toThrow(DecodeError);
  await file.close();
  expect(closed).toBe(false);
});

/** Gives seven bytes at most, as a file of a slow disk may. */
function inSmallParts(bytes: Uint8Array): ByteSource {
  const source = sourceOfBytes(bytes);
  return { ...source, read: (offset, length) => source.read(offset, Math.min(length, 7)) };
}
