import { expect, test } from 'vitest';
import { completionsAfter, type TemplateWord } from './completions.ts';

const WORDS: readonly TemplateWord[] = [
  { name: 'disk', is: 'variable', kind: 'disk', gives: 'text', sentence: 'The one disk' },
  { name: 'machine.name', is: 'name', gives: 'text', sentence: 'Its name' },
  { name: 'ks', is: 'filter', sentence: 'A word of a kickstart' },
];
const VALUES = ['disk', 'machine.name'];

for (const [title, before, from, labels] of [
  ['a value after {{', 'rootpw {{', 9, VALUES],
  ['a value that is begun', '{{ di', 3, VALUES],
  ['a name with its dot', '{{ machine.n', 3, VALUES],
  ['a value in a tag', '{% if di', 6, VALUES],
  ['a filter after |', '{{ disk | k', 10, ['ks']],
  ['a filter at once', '{{ disk|', 8, ['ks']],
  ['a value after a text', '{{ "a" ~ ', 9, VALUES],
] as const)
  test(`a template goes on with ${title}`, () => {
    const completions = completionsAfter(before, WORDS);
    expect([completions?.from, completions?.options.map(({ label }) => label)]).toEqual([from, labels]);
  });

for (const [title, before] of [
  ['outside of tags', 'rootpw di'],
  ['behind a tag', '{{ disk }} di'],
  ['in a text', '{% include "mo'],
] as const)
  test(`nothing is offered ${title}`, () => expect(completionsAfter(before, WORDS)).toBeUndefined());

test('each says what it is', () =>
  expect(completionsAfter('{{ ', WORDS)?.options[0]).toEqual({
    label: 'disk',
    type: 'variable',
    detail: 'disk',
    info: 'The one disk',
  }));
