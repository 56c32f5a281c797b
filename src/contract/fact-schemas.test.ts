import { expect, test } from 'vitest';
import { FactsSaid } from './fact-schemas.ts';

for (const [what, said, expected] of [
  ['what a person reads as it is', 'ProLiant DL360 Gen10, 型 ä', 'ProLiant DL360 Gen10, 型 ä'],
  ['a space for controls', ' A\u0000\u001B[31m\nB ', 'A [31m B'],
  ['nothing of what turns the direction of writing', '\u202EABC\u2066', 'ABC'],
  ['nothing of what is drawn as nothing', '\uFEFFA\u200BB\u200D\u{E0041}C\u00AD', 'ABC'],
  ['nothing at all where nothing else is there', '\u200B\u2060', undefined],
] as const) {
  test(`a text that a machine says of itself keeps ${what}`, () => {
    expect(FactsSaid.parse({ product: said }).product).toBe(expected);
  });
}

test('a text that a machine says of itself is cut behind 128 letters that are seen', () => {
  expect(FactsSaid.parse({ product: `${'\u200B'.repeat(500)}${'x'.repeat(200)}` }).product).toBe(
    'x'.repeat(128),
  );
});
