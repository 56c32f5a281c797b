import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DecodeError } from '../../lib/decode-error.ts';
import { withoutStacks } from '../../lib/suite/without-stacks.ts';
import { words } from './suite/rpc-messages.ts';
import { opaqueSize, XdrReader, XdrWriter } from './xdr.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const whole = (writer: XdrWriter): string => hex(Buffer.concat(writer.finish().pieces));

describe('the example of RFC 4506 §7', () => {
  // A file called "sillyprog" of the kind EXEC, interpreted by "lisp", owned by "john", with the data "(quit)".
  const EXAMPLE =
    '00000009' +
    '73696c6c' +
    '7970726f' +
    '67000000' +
    '00000002' +
    '00000004' +
    '6c697370' +
    '00000004' +
    '6a6f686e' +
    '00000006' +
    '28717569' +
    '74290000';

  test('is read', () => {
    const reader = new XdrReader(Buffer.from(EXAMPLE, 'hex'));
    expect(reader.text(255)).toBe('sillyprog');
    expect(reader.uint32()).toBe(2);
    expect(reader.text(255)).toBe('lisp');
    expect(reader.text(255)).toBe('john');
    expect(Buffer.from(reader.opaque(65_535)).toString()).toBe('(quit)');
    expect(reader.remaining).toBe(0);
  });

  test('is written', () => {
    const writer = new XdrWriter().text('sillyprog').uint32(2).text('lisp').text('john');
    expect(whole(writer.lastOpaque(Buffer.from('(quit)')))).toBe(EXAMPLE);
  });
});

describe('XdrReader', () => {
  test('an unsigned hyper is exact up to 2^53 and only larger above it', () => {
    expect(new XdrReader(words(2n ** 53n - 1n)).uint64()).toBe(2 ** 53 - 1);
    expect(new XdrReader(words(2n ** 64n - 1n)).uint64()).toBeGreaterThan(2 ** 63);
  });

  test('the padding of the last field may be missing', () => {
    const reader = new XdrReader(Buffer.concat([words(5), Buffer.from('hello')]));
    expect(reader.text(255)).toBe('hello');
    expect(reader.remaining).toBe(0);
  });

  for (const [what, bytes, read] of [
    ['a number that is cut off', Uint8Array.of(0, 0, 0), (reader: XdrReader) => reader.uint32()],
    ['a hyper that is cut off', words(1), (reader: XdrReader) => reader.uint64()],
    ['opaque data that is cut off', words(8, 1), (reader: XdrReader) => reader.opaque(64)],
    ['opaque data of 4 GB', words(0xffff_ffff, 1), (reader: XdrReader) => reader.opaque(0xffff_ffff)],
    ['more than is allowed', words('x'.repeat(65)), (reader: XdrReader) => reader.text(64)],
  ] as const) {
    test(`refuses ${what}`, () => expect(() => read(new XdrReader(bytes))).toThrow(DecodeError));
  }
});

describe('XdrWriter', () => {
  test('writes what XdrReader reads', () => {
    const field = fc.oneof(
      fc.nat(0xffff_ffff),
      fc.maxSafeNat().map((value) => BigInt(value)),
      fc.uint8Array({ maxLength: 40 }),
    );
    fc.assert(
      fc.property(fc.array(field), (fields) => {
        const writer = new XdrWriter();
        for (const one of fields) {
          if (typeof one === 'number') writer.uint32(one);
          else if (typeof one === 'bigint') writer.uint64(Number(one));
          else writer.opaque(one);
        }
        const bytes = Buffer.concat(writer.finish().pieces);
        expect(hex(bytes)).toBe(hex(words(...fields)));
        const reader = new XdrReader(bytes);
        for (const one of fields) {
          if (typeof one === 'number') expect(reader.uint32()).toBe(one);
          else if (typeof one === 'bigint') expect(reader.uint64()).toBe(Number(one));
          else expect(hex(reader.opaque(40))).toBe(hex(one));
        }
      }),
    );
  });

  test('the last data is not copied, and is padded', () => {
    const data = Uint8Array.of(1, 2, 3, 4, 5);
    const { pieces } = new XdrWriter().uint32(9).lastOpaque(data).finish();
    expect(pieces[1]).toBe(data);
    expect(pieces.map((piece) => piece.length)).toEqual([8, 5, 3]);
  });

  test('opaqueSize is what opaque data takes up', () => {
    for (const length of [0, 1, 3, 4, 5, 255])
      expect(opaqueSize(length)).toBe(words(new Uint8Array(length)).length);
  });
});

test('random bytes throw nothing but DecodeError', () => {
  const reads = fc.array(fc.constantFrom('uint32', 'uint64', 'opaque', 'text'), { maxLength: 8 });
  let refused = 0;
  withoutStacks(() =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), reads, (bytes, kinds) => {
        const reader = new XdrReader(bytes);
        try {
          for (const kind of kinds) {
            if (kind === 'opaque' || kind === 'text') reader[kind](40);
            else reader[kind]();
          }
        } catch (error) {
          if (!(error instanceof DecodeError)) throw error;
          refused += 1;
        }
      }),
      { numRuns: 20_000 },
    ),
  );
  expect(refused).toBeGreaterThan(1000);
});
