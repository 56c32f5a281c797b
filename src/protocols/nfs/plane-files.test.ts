import { describe, expect, test } from 'vitest';
import { heldFile, placeOfByte } from './plane-files.ts';

describe('a byte of a file on a disc image', () => {
  const held = heldFile({
    number: 1,
    descriptor: 101,
    extents: [
      { offset: 5000, length: 10 },
      { offset: 0, length: 1 },
      { offset: 700, length: 300 },
    ],
    size: 311,
    attributes: new Uint8Array(88),
  });
  for (const [at, place] of [
    [0, { offset: 5000, length: 10 }],
    [9, { offset: 5009, length: 1 }],
    [10, { offset: 0, length: 1 }],
    [11, { offset: 700, length: 300 }],
    [310, { offset: 999, length: 1 }],
    [311, undefined],
  ] as const)
    test(`${at} is ${place ? `at ${place.offset}, with ${place.length} in a row` : 'nowhere'}`, () =>
      expect(placeOfByte(held, at)).toEqual(place));
});
