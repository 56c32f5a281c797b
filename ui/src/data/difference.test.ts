import { expect, test } from 'vitest';
import { changedLines, type Difference, differencesOf } from './difference.ts';

test.each<[what: string, before: unknown, after: unknown, is: readonly Difference[]]>([
  ['nothing changed', { a: 1 }, { a: 1 }, []],
  [
    'a value changed',
    { role: 'viewer' },
    { role: 'admin' },
    [{ path: 'role', before: 'viewer', after: 'admin' }],
  ],
  [
    'a value deep inside changed',
    { budget: { machines: 8 } },
    { budget: { machines: 4 } },
    [{ path: 'budget.machines', before: '8', after: '4' }],
  ],
  ['it was made', undefined, { name: 'x' }, [{ path: 'name', after: 'x' }]],
  ['it was taken away', { name: 'x' }, undefined, [{ path: 'name', before: 'x' }]],
  ['a list became longer', { macs: ['a'] }, { macs: ['a', 'b'] }, [{ path: 'macs.1', after: 'b' }]],
  [
    'a list became empty',
    { macs: ['a'] },
    { macs: [] },
    [
      { path: 'macs.0', before: 'a' },
      { path: 'macs', after: '[]' },
    ],
  ],
  ['null came', { when: 'now' }, { when: null }, [{ path: 'when', before: 'now', after: 'null' }]],
])('Where %s, the audit log says it', (_, before, after, is) => {
  expect(differencesOf(before, after)).toEqual(is);
});

for (const [title, before, after, expected] of [
  ['one line in the middle', 'a\nb\nc', 'a\nx\nc', { before: 'b', after: 'x' }],
  ['a line more', 'a\nc', 'a\nb\nc', { before: '', after: 'b' }],
  ['the same line once more', 'a\na', 'a\na\na', { before: '', after: 'a' }],
  ['all of it', 'a', 'b', { before: 'a', after: 'b' }],
  ['nothing', 'a\nb', 'a\nb', { before: '', after: '' }],
] as const)
  test(`of two texts, the lines that differ: ${title}`, () =>
    expect(changedLines(before, after)).toEqual(expected));
