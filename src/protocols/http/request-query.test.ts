import { expect, test } from 'vitest';
import { MAX_QUERY_FIELDS, parseQuery } from './request-query.ts';

for (const [target, expected] of [
  ['/a', {}],
  ['/a?', {}],
  ['/a?b=1&c=2', { b: '1', c: '2' }],
  ['/a?b=1&b=2', { b: '1' }],
  ['/a?b', { b: '' }],
  ['/a?b=&=c', { b: '' }],
  ['/a?b=x%20y+z%3D&c=d=e', { b: 'x y+z=', c: 'd=e' }],
  ['/a?b=%&c=%ff&d=1', { d: '1' }],
  ['/a?b=1#c=2', { b: '1' }],
  ['http://h/a?b=1?2', { b: '1?2' }],
] as const) {
  test(`the fields of ${target}`, () => {
    expect(Object.fromEntries(parseQuery(target))).toEqual(expected);
  });
}

test('fields behind the limit are not read', () => {
  const target = `/?${Array.from({ length: MAX_QUERY_FIELDS + 9 }, (_, at) => `f${at}=x`).join('&')}`;
  expect(parseQuery(target).size).toBe(MAX_QUERY_FIELDS);
});
