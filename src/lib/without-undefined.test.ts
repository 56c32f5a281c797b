import { expect, test } from 'vitest';
import { withoutUndefined } from './without-undefined.ts';

test('what has no value is left out, and nothing else', () => {
  const kept = withoutUndefined({ a: undefined, b: null, c: 0, d: '', e: false });
  expect(Object.entries(kept)).toEqual([
    ['b', null],
    ['c', 0],
    ['d', ''],
    ['e', false],
  ]);
});

test('a record that has a value everywhere is not copied', () => {
  const row = { a: 1, b: 'c' };
  expect(withoutUndefined(row)).toBe(row);
});

test('a field is a field, whatever it is called', () => {
  const row = JSON.parse('{ "__proto__": { "a": 1 } }') as object;
  const kept = withoutUndefined({ ...row, b: undefined });
  expect(Object.getPrototypeOf(kept)).toBe(Object.prototype);
  expect(Object.keys(kept)).toEqual(['__proto__']);
});
