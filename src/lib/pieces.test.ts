import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ByteSource, sourceOfBytes } from './byte-source.ts';
import { DecodeError } from './decode-error.ts';
import { addPiece, extentsOf, lastAtMost, type Piece, readExactly, sourceOfPieces } from './pieces.ts';

const image = Uint8Array.from({ length: 200 }, (_, index) => index);

test('any part of a file is that of its pieces, with zeros where none was recorded', async () => {
  const piece = fc.record({ offset: fc.option(fc.nat(150), { nil: undefined }), length: fc.nat(40) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { maxLength: 8 }),
      fc.nat(200),
      fc.nat(200),
      async (all, offset, length) => {
        const pieces: Piece[] = [];
        for (const one of all) addPiece(pieces, one);
        const whole = Buffer.concat(
          all.map(({ offset: at, length: bytes }) =>
            at === undefined ? new Uint8Array(bytes) : image.subarray(at, at + bytes),
          ),
        );
        const source = sourceOfPieces(inSmallParts(image), pieces);
        expect(source.size).toBe(whole.length);
        expect(Buffer.from(await source.read(offset, length))).toEqual(
          whole.subarray(offset, offset + length),
        );
      },
    ),
  );
});

/** Gives seven bytes at most, as a file of a slow disk may. */
function inSmallParts(bytes: Uint8Array): ByteSource {
  const source = sourceOfBytes(bytes);
  return { ...source, read: (offset, length) => source.read(offset, Math.min(length, 7)) };
}

describe('pieces', () => {
  test('that follow each other are one, of bytes or of zeros', () => {
    const pieces: Piece[] = [];
    for (const piece of [
      { offset: 0, length: 5 },
      { offset: 5, length: 5 },
      { offset: 20, length: 0 },
      { offset: undefined, length: 3 },
      { offset: undefined, length: 4 },
      { offset: 10, length: 1 },
    ])
      addPiece(pieces, piece);
    expect(pieces).toEqual([
      { offset: 0, length: 10 },
      { offset: undefined, length: 7 },
      { offset: 10, length: 1 },
    ]);
  });

  test('are places only when all of them were recorded', () => {
    expect(extentsOf([{ offset: 3, length: 4 }])).toEqual([{ offset: 3, length: 4 }]);
    expect(
      extentsOf([
        { offset: 3, length: 4 },
        { offset: undefined, length: 1 },
      ]),
    ).toBeUndefined();
  });
});

test('the last number that is not greater is found in any list that grows', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(100), { minLength: 1 }), fc.nat(100), (numbers, wanted) => {
      const grown = numbers.toSorted((a, b) => a - b);
      expect(lastAtMost(grown, wanted)).toBe(
        Math.max(
          0,
          grown.findLastIndex((number) => number <= wanted),
        ),
      );
    }),
  );
});

describe('reading exactly', () => {
  for (const [what, offset, length] of [
    ['behind the end', 190, 11],
    ['far behind it', 1e12, 1],
    ['before the beginning', -1, 4],
  ] as const) {
    test(`bytes ${what} are refused`, async () => {
      await expect(readExactly(sourceOfBytes(image), offset, length)).rejects.toThrow(DecodeError);
    });
  }

  test('a source that ends before its size is refused', async () => {
    const short = { ...sourceOfBytes(image), size: 1000 };
    await expect(readExactly(short, 150, 100)).rejects.toThrow(/ends before its size/);
  });
});
