import * as fc from 'fast-check';

const SURROGATES = { first: 0xd800, count: 0x800 };

/**
 * Any code point but halves of pairs: what `unit: 'binary'` of fast-check is too, which first makes a list of the
 * million of them.
 */
export const anyCodePoint: fc.Arbitrary<string> = fc
  .nat({ max: 0x10ffff - SURROGATES.count })
  .map((number) => String.fromCodePoint(number < SURROGATES.first ? number : number + SURROGATES.count));

/** Text of any code points. */
export const anyText: fc.Arbitrary<string> = fc.string({ unit: anyCodePoint });
