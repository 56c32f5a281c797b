import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DecodeError } from '../../lib/decode-error.ts';
import { decodePeProgram } from './program.ts';
import { makePeProgram } from './suite/make-pe-program.ts';

describe('a program tells', () => {
  for (const [what, shape, expected] of [
    ['its processor', { machine: 0x8664 }, { machine: 0x8664, isSigned: false }],
    ['that it is signed', { signed: true }, { machine: 0x8664, isSigned: true }],
    [
      'the same in the form of 32 bits',
      { machine: 0x14c, magic: 0x10b, signed: true },
      { machine: 0x14c, isSigned: true },
    ],
    [
      'nothing of a signature where the table ends before',
      { directories: 4, signed: true },
      { machine: 0x8664, isSigned: false },
    ],
  ] as const) {
    test(what, () => expect(decodePeProgram(makePeProgram(shape))).toEqual(expected));
  }
});

describe('what is no such program is refused', () => {
  for (const [what, bytes] of [
    ['nothing', new Uint8Array()],
    ['a script', new TextEncoder().encode('#!ipxe\n'.repeat(20))],
    ['a program of DOS', makePeProgram({ signature: 'NE\0\0' })],
    ['another kind of header', makePeProgram({ magic: 0x107 })],
    ['one that is cut off', makePeProgram({}).subarray(0, 200)],
  ] as const) {
    test(what, () => expect(() => decodePeProgram(bytes)).toThrow(DecodeError));
  }
});

test('any bytes are a program or a DecodeError', () => {
  const signed = makePeProgram({ signed: true });
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc.tuple(fc.nat(399), fc.nat(255)).map(([at, value]) => {
      const program = signed.slice();
      program[at] = value;
      return program;
    }),
  );
  fc.assert(
    fc.property(bytes, (input) => {
      try {
        return decodePeProgram(input).machine >= 0;
      } catch (error) {
        return error instanceof DecodeError;
      }
    }),
    { numRuns: 100_000 },
  );
});
