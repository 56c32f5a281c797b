import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isPattern, matchesPattern } from './name-pattern.ts';

for (const [pattern, name, expected] of [
  ['*', 'a', true],
  ['*', '.hidden', false],
  ['.*', '.hidden', true],
  ['*.deb', 'a.deb', true],
  ['*.deb', 'a.deb.asc', false],
  ['a*b*c', 'aXbYc', true],
  ['a*b*c', 'aXbY', false],
  ['?.deb', 'a.deb', true],
  ['?.deb', '.deb', false],
  ['a?', 'a', false],
  ['**', 'abc', true],
  ['abc', 'abc', true],
  ['[a]', 'a', false],
] as const) {
  test(`"${pattern}" ${expected ? 'fits' : 'does not fit'} "${name}"`, () =>
    expect(matchesPattern(name, pattern)).toBe(expected));
}

test('patterns fit what a regular expression of the same meaning fits', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
  fc.assert(
    fc.property(text, fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 }), (pattern, name) => {
      const regular = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`);
      expect(matchesPattern(name, pattern)).toBe(regular.test(name));
      expect(isPattern(pattern)).toBe(pattern.includes('*') || pattern.includes('?'));
    }),
  );
});

test('a hostile pattern takes no time', () => {
  const startedMs = performance.now();
  expect(matchesPattern('a'.repeat(255), `${'*a'.repeat(2000)}b`)).toBe(false);
  expect(performance.now() - startedMs).toBeLessThan(500);
});
