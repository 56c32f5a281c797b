import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { DecodeError } from './decode-error.ts';

test('what a writer wrote, a reader reads', () => {
  fc.assert(
    fc.property(
      fc.nat(0xff),
      fc.nat(0xffff),
      fc.integer({ min: 0, max: 0xffff_ffff }),
      fc.uint8Array({ maxLength: 2_000 }),
      (a, b, c, d) => {
        const reader = new ByteReader(
          new ByteWriter().uint8(a).uint16(b).uint32(c).text('pxelinux.0').uint8(0).bytes(d).finish(),
        );
        expect([reader.uint8(), reader.uint16(), reader.uint32(), reader.zeroTerminated()]).toEqual([
          a,
          b,
          c,
          'pxelinux.0',
        ]);
        expect(Buffer.from(reader.rest()).equals(Buffer.from(d))).toBe(true);
      },
    ),
  );
});

test.each([
  ['a byte', (reader: ByteReader) => reader.uint8()],
  ['a long field', (reader: ByteReader) => reader.bytes(4)],
  ['text without its NUL', (reader: ByteReader) => reader.zeroTerminated()],
  ['a negative length', (reader: ByteReader) => reader.bytes(-1)],
])('reading %s past the end says where it stopped', (_, read) => {
  const reader = new ByteReader(Uint8Array.of(1, 2));
  reader.skip(2);
  expect(() => read(reader)).toThrow(DecodeError);
  expect(() => read(reader)).toThrow('(at byte 2)');
});

test('a writer keeps to its limit', () => {
  const writer = new ByteWriter(4).uint32(7);
  expect(() => writer.uint8(1)).toThrow('The message would have 5 bytes, the limit is 4');
  expect(writer.finish()).toEqual(Uint8Array.of(0, 0, 0, 7));
});

test('padding fills with zeros and never cuts', () => {
  expect(new ByteWriter().uint8(9).padTo(3).finish()).toEqual(Uint8Array.of(9, 0, 0));
  expect(new ByteWriter().uint32(1).padTo(3).finish()).toHaveLength(4);
});
