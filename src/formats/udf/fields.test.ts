import { describe, expect, test } from 'vitest';
import { DecodeError } from '../../lib/decode-error.ts';
import { decodeLinkTarget } from './link-target.ts';
import { LittleEndian } from '../../lib/little-endian.ts';
import { plainPartition, sparablePartition, virtualPartition } from './partitions.ts';
import { crc16 } from './tag.ts';
import { decodeCs0, decodeDstring } from './text.ts';
import { decodeTimestamp } from './timestamp.ts';

test('the CRC is that of the example in the specification', () => {
  // ECMA-167 3/7.2.6 has it for these bytes.
  expect(crc16(Uint8Array.of(0x70, 0x6a, 0x77))).toBe(0x3299);
});

describe('a time', () => {
  const year = [0xe8, 0x07];
  const noon = [12, 0, 0, 50, 0, 0];
  const at = Date.UTC(2024, 1, 29, 12, 0, 0, 500);
  const zone = (minutes: number, kind = 1): number[] => {
    const field = (kind << 12) | (minutes & 0xfff);
    return [field & 0xff, field >> 8];
  };
  for (const [what, bytes, expected] of [
    ['two hours east', [...zone(120), ...year, 2, 29, ...noon], at - 7_200_000],
    ['half past nine west', [...zone(-570), ...year, 2, 29, ...noon], at + 34_200_000],
    ['without a zone', [...zone(-2047), ...year, 2, 29, ...noon], at],
    ['of UTC, whose zone means nothing', [...zone(60, 0), ...year, 2, 29, ...noon], at],
    ['that nobody filled in', [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], undefined],
    ['of a month 13', [...zone(0), ...year, 13, 1, ...noon], undefined],
    ['of an hour 24', [...zone(0), ...year, 1, 1, 24, 0, 0, 0, 0, 0], undefined],
    ['of the year -1', [...zone(0), 0xff, 0xff, 1, 1, ...noon], undefined],
  ] as const) {
    test(what, () => {
      expect(decodeTimestamp(new LittleEndian(Uint8Array.from(bytes)), 0)).toBe(expected);
    });
  }
});

describe('text', () => {
  for (const [what, bytes, expected] of [
    ['of one byte a letter', [8, 0x47, 0xf6, 0xdf], 'Göß'],
    ['of two bytes', [16, 0x6f, 0x22, 0, 0x41], '漢A'],
    ['of pairs', [16, 0xd8, 0x3d, 0xde, 0x00], '😀'],
    ['with an odd byte behind', [16, 0, 0x41, 0], 'A'],
    ['of nothing', [], ''],
  ] as const) {
    test(what, () => expect(decodeCs0(Uint8Array.from(bytes))).toBe(expected));
  }

  test('of another compression is refused', () => {
    expect(() => decodeCs0(Uint8Array.of(7, 65))).toThrow(DecodeError);
  });

  test('in a field is as long as its last byte says, and nothing where that cannot be', () => {
    expect(decodeDstring(Uint8Array.of(8, 65, 66, 67, 0, 3))).toBe('AB');
    expect(decodeDstring(Uint8Array.of(8, 65, 0, 67, 0, 4))).toBe('A');
    expect(decodeDstring(Uint8Array.of(8, 65, 66, 67, 0, 6))).toBe('');
    expect(decodeDstring(Uint8Array.of(3, 65, 66, 67, 0, 3))).toBe('');
    expect(decodeDstring(new Uint8Array(32))).toBe('');
  });
});

describe('the target of a link', () => {
  const part = (kind: number, ...name: readonly number[]): number[] => [kind, name.length, 0, 0, ...name];
  for (const [what, bytes, expected] of [
    ['names', [...part(5, 8, 97), ...part(5, 8, 98)], 'a/b'],
    ['of the root', part(2), '/'],
    ['from the root', [...part(5, 8, 97), ...part(2), ...part(5, 8, 98)], '/b'],
    ['up and here', [...part(3), ...part(4), ...part(3)], '.././..'],
    ['nothing', [], ''],
  ] as const) {
    test(what, () => expect(decodeLinkTarget(Uint8Array.from(bytes))).toBe(expected));
  }

  for (const [what, bytes] of [
    ['a kind that is none', part(9)],
    ['a name with a slash', part(5, 8, 97, 47)],
    ['a name of nothing', part(5)],
    ['a name longer than the link', [5, 9, 0, 0, 8, 97]],
    ['half a header', [5, 0, 0]],
  ] as const) {
    test(`refuses ${what}`, () =>
      expect(() => decodeLinkTarget(Uint8Array.from(bytes))).toThrow(DecodeError));
  }
});

describe('where blocks are', () => {
  const plain = plainPartition(100, 64, 512);

  test('a packet that went bad is elsewhere, and those beside it are not', () => {
    const sparable = sparablePartition(plain, 16, new Map([[16, 1000]]), 512);
    expect(sparable.locate(10, 20)).toEqual({ offset: 110 * 512, blocks: 6 });
    expect(sparable.locate(16, 20)).toEqual({ offset: 1000 * 512, blocks: 16 });
    expect(sparable.locate(20, 2)).toEqual({ offset: 1004 * 512, blocks: 2 });
    expect(sparable.locate(32, 3)).toEqual({ offset: 132 * 512, blocks: 3 });
  });

  test('a virtual block is where the table says, alone', () => {
    const virtual = virtualPartition(plain, Uint32Array.of(5, 0xffff_ffff, 9));
    expect(virtual.locate(0, 3)).toEqual({ offset: 105 * 512, blocks: 1 });
    expect(virtual.locate(2, 1)).toEqual({ offset: 109 * 512, blocks: 1 });
    expect(() => virtual.locate(1, 1)).toThrow(/virtual block 1 is not on the disc/);
  });
});
