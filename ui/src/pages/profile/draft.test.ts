import { expect, test } from 'vitest';
import { draftOf, inputOf } from './draft.ts';

const PROFILE = {
  name: 'web',
  image: 'alma9',
  arguments: 'quiet',
  variables: { keys: 'one\ntwo', path: 'C:\\new', options: 'a=b' },
  template: 'text\n',
  loader: 'grub' as const,
};

test('what was not changed comes back as it was', () => {
  const draft = draftOf(PROFILE);
  expect(draft.variables).toBe('keys=one\\ntwo\npath=C:\\\\new\noptions=a=b');
  expect(inputOf(draft, PROFILE)).toEqual(PROFILE);
});

test('a template that was emptied is left out, and what the page does not show stays', () => {
  const draft = { ...draftOf(PROFILE), template: '\n', variables: '\n a=1\n' };
  const input = inputOf(draft, PROFILE);
  expect(input).not.toHaveProperty('template');
  expect(input).toMatchObject({ loader: 'grub', variables: { a: '1' } });
});
