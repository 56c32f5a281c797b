import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TextLines } from './text-lines.ts';

function encode(...pieces: readonly string[]): string {
  const lines = new TextLines();
  return pieces
    .map((piece) => new TextDecoder().decode(lines.encode(new TextEncoder().encode(piece))))
    .join('');
}

for (const [what, text, expected] of [
  ['a line end becomes CR LF', 'a\nb\n', 'a\r\nb\r\n'],
  ['one that is CR LF stays', 'a\r\nb', 'a\r\nb'],
  ['a carriage return by itself stays', 'a\rb\r', 'a\rb\r'],
  ['empty lines are kept', '\n\n\r\n\n', '\r\n\r\n\r\n\r\n'],
  ['letters stay', 'Größe', 'Größe'],
] as const) {
  test(what, () => expect(encode(text)).toBe(expected));
}

test('pieces make no difference', () => {
  const text = fc.string({ unit: fc.constantFrom('\r', '\n', 'a') });
  fc.assert(
    fc.property(text, text, (one, other) => {
      expect(encode(one, other)).toBe(encode(one + other));
      expect(encode(one).replaceAll('\r', '')).toBe(one.replaceAll('\r', ''));
    }),
  );
});
