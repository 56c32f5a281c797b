import { expect, test } from 'vitest';
import { ALL, queryOf, sortAfter, sortedOf } from './machine-query.ts';

for (const [what, search, expected] of [
  ['nothing', '  ', {}],
  ['a part of a name', 'web', { q: 'web' }],
  ['several words', ' web  52-54 ', { q: 'web 52-54' }],
  ['a label', 'rack=a1', { selector: 'rack=a1' }],
  ['a label without a value', 'gpu=', { selector: 'gpu=' }],
  ['labels and words', 'rack=a1 web role=db', { selector: 'rack=a1,role=db', q: 'web' }],
] as const)
  test(`A search for ${what}`, () => {
    expect(queryOf({ ...ALL, search })).toEqual({ sort: 'name', ...expected });
  });

test('A state and an order are the server’s', () => {
  expect(queryOf({ search: 'web', state: 'failed', sort: '-created' })).toEqual({
    q: 'web',
    state: 'failed',
    sort: '-created',
  });
});

test('A press on the head of a column sorts by it, and another turns it round', () => {
  expect(sortAfter('name', 'state')).toBe('state');
  expect(sortAfter('state', 'state')).toBe('-state');
  expect(sortAfter('-state', 'state')).toBe('state');
  expect(sortAfter('-state', 'labels')).toBe('-state');
  expect(sortedOf('-created')).toEqual({ id: 'created', direction: 'desc' });
  expect(sortedOf('name')).toEqual({ id: 'name', direction: 'asc' });
});
