import { describe, expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../core/policy/policy.ts';
import { editPolicy, objectionToMenu } from './policy-service.ts';

const { menu } = DEFAULT_POLICY;

describe('a menu', () => {
  for (const [title, change, images, expected] of [
    ['of all images, with the local disk as default, is right', {}, ['a'], undefined],
    ['of all images is right where there are none', {}, [], undefined],
    ['with an image it offers as default is right', { default: 'a' }, ['a', 'b'], undefined],
    [
      'with an image that is not there is not',
      { images: ['a', 'c'] },
      ['a', 'b'],
      'the menu offers image "c", which is not there: there are a, b',
    ],
    [
      'with an image where there are none is not',
      { images: ['a'] },
      [],
      'the menu offers image "a", which is not there: there are none',
    ],
    [
      'whose default it does not offer is not',
      { images: ['a'], default: 'b' },
      ['a', 'b'],
      'the menu\'s default is "b", which it does not offer: it may be local, a',
    ],
  ] as const) {
    test(title, () => {
      expect(objectionToMenu({ ...menu, ...change }, images)).toBe(expected);
    });
  }
});

test('a change of one word of the menu leaves the others', () => {
  expect(editPolicy(DEFAULT_POLICY, { authoritative: true, menu: { title: 'Lab' } })).toEqual({
    ...DEFAULT_POLICY,
    authoritative: true,
    menu: { ...menu, title: 'Lab' },
  });
});
