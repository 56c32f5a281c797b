import fc from 'fast-check';
import { expect, test } from 'vitest';
import { editDistance } from './edit-distance.ts';

for (const [one, other, most, expected] of [
  ['', '', 2, 0],
  ['pxelinux.0', 'pxelinux.0', 2, 0],
  ['pxelinux.O', 'pxelinux.0', 2, 1],
  ['pxelinx.0', 'pxelinux.0', 2, 1],
  ['pxelinuxx.0', 'pxelinux.0', 2, 1],
  ['abc', 'acb', 2, 2],
  ['abc', 'xyz', 2, undefined],
  ['a', 'abcd', 2, undefined],
] as const) {
  test(`from "${one}" to "${other}" it is ${expected ?? `more than ${most}`}`, () => {
    expect(editDistance(one, other, most)).toBe(expected);
  });
}

test('it is the same both ways, and at most the number of changes that were made', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 12 });
  fc.assert(
    fc.property(word, fc.nat(11), fc.constantFrom('', 'x', 'xy'), (text, position, put) => {
      const changed = text.slice(0, position) + put + text.slice(position + 1);
      expect(editDistance(text, changed, 2)).toBe(editDistance(changed, text, 2));
      expect(editDistance(text, changed, 2)).toBeLessThanOrEqual(2);
    }),
  );
});
