import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { diffLines, unifiedDiff } from './line-diff.ts';

const lines = (text: string): readonly string[] => (text === '' ? [] : text.split(''));

describe('two texts', () => {
  const few = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 30 });
  test('are both in their comparison, and what they share stands once', () => {
    fc.assert(
      fc.property(few, few, (before, after) => {
        const diff = diffLines(before, after);
        expect(diff.filter(({ mark }) => mark !== '+').map(({ text }) => text)).toEqual(before);
        expect(diff.filter(({ mark }) => mark !== '-').map(({ text }) => text)).toEqual(after);
      }),
    );
  });

  test('that are equal differ in nothing', () => {
    fc.assert(
      fc.property(few, (text) => {
        expect(unifiedDiff(diffLines(text, text))).toEqual([]);
      }),
    );
  });

  test('of many lines are compared as a whole rather than for minutes', () => {
    const before = Array.from({ length: 3000 }, (_, at) => `old ${at}`);
    const after = Array.from({ length: 3000 }, (_, at) => `new ${at}`);
    const marks = diffLines(['same', ...before], ['same', ...after]).map(({ mark }) => mark);
    expect(marks.join('')).toBe(` ${'-'.repeat(3000)}${'+'.repeat(3000)}`);
  });
});

describe('the unified form', () => {
  for (const [title, before, after, expected] of [
    [
      'tells where a stretch begins',
      'abcdefghi',
      'abcdeXfghi',
      ['@@ -3,6 +3,7 @@', ' c', ' d', ' e', '+X', ' f', ' g', ' h'],
    ],
    ['of one line has no count', 'a', 'b', ['@@ -1 +1 @@', '-a', '+b']],
    ['of nothing before', '', 'ab', ['@@ -0,0 +1,2 @@', '+a', '+b']],
    ['of nothing after', 'ab', '', ['@@ -1,2 +0,0 @@', '-a', '-b']],
    [
      'has a stretch for each place',
      'Xbcdefghijk',
      'bcdefghijkY',
      ['@@ -1,4 +1,3 @@', '-X', ' b', ' c', ' d', '@@ -9,3 +8,4 @@', ' i', ' j', ' k', '+Y'],
    ],
  ] as const) {
    test(title, () => {
      expect(unifiedDiff(diffLines(lines(before), lines(after)))).toEqual(expected);
    });
  }
});
