import { expect, test } from 'vitest';
import type { TemplateWord } from '../../parts/editor/completions.ts';
import { insertionOf, wordsWith } from './insertion.ts';

const DISK: TemplateWord = { name: 'disk', is: 'variable', gives: 'text', sentence: 'The one disk' };
const PACKAGES: TemplateWord = { name: 'packages', is: 'variable', gives: 'list', sentence: 'To install' };
const FIXED: TemplateWord = { name: 'network.fixed', is: 'name', gives: 'switch', sentence: 'Whether' };
const KS: TemplateWord = { name: 'ks', is: 'filter', sentence: 'A word of a kickstart command' };

for (const [title, word, kind, text] of [
  ['a value through the filter of its language', DISK, 'kickstart', '{{ disk | ks }}'],
  ['a value where no language is known', DISK, 'none', '{{ disk }}'],
  ['a list word by word', PACKAGES, 'kickstart', '{% for one in packages %}\n{{ one | ks }}\n{% endfor %}\n'],
  ['a list as a whole where there are lists', PACKAGES, 'autoinstall', '{{ packages | yaml }}'],
  ['a switch as a condition', FIXED, 'preseed', '{% if network.fixed %}\n{% endif %}\n'],
  ['a switch as a value where there are switches', FIXED, 'agama', '{{ network.fixed | json }}'],
  ['a filter behind what is there', KS, 'kickstart', '| ks'],
] as const)
  test(`inserts ${title}`, () => expect(insertionOf(word, kind)).toBe(text));

test('a search finds names and sentences', () => {
  const all = [DISK, PACKAGES, FIXED, KS];
  expect(wordsWith(' KICKSTART ', all)).toEqual([KS]);
  expect(wordsWith('pack', all)).toEqual([PACKAGES]);
  expect(wordsWith('', all)).toEqual(all);
});
