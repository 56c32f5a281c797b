import { expect, test } from 'vitest';
import { BoundedCache } from './bounded-cache.ts';

test('what was not used for longest goes first when all weighs too much', () => {
  const cache = new BoundedCache<string, number>(10, (value) => value);
  cache.set('a', 4);
  cache.set('b', 4);
  expect(cache.get('a')).toBe(4);
  cache.set('c', 4);
  expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([4, undefined, 4]);
});

test('what is set again weighs once', () => {
  const cache = new BoundedCache<string, number>(10, (value) => value);
  cache.set('a', 6);
  for (let turn = 0; turn < 5; turn += 1) cache.set('b', 4);
  expect([cache.get('a'), cache.get('b')]).toEqual([6, 4]);
});

test('what is forgotten weighs nothing', () => {
  const cache = new BoundedCache<string, number>(10, (value) => value);
  cache.set('a', 6);
  cache.forget('a');
  cache.forget('never');
  cache.set('b', 10);
  expect([cache.get('a'), cache.get('b')]).toEqual([undefined, 10]);
});

test('what weighs more than all may is not kept, and drives nothing out', () => {
  const cache = new BoundedCache<string, number>(10, (value) => value);
  cache.set('a', 9);
  cache.set('b', 11);
  expect([cache.get('a'), cache.get('b')]).toEqual([9, undefined]);
  cache.set('a', 12);
  expect(cache.get('a')).toBeUndefined();
});
