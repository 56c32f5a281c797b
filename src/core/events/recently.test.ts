import { expect, test } from 'vitest';
import { Recently } from './recently.ts';

test('the same again is a repetition until it has been quiet for long enough', () => {
  const recently = new Recently({ keepMs: 1000, keys: 10 });
  expect(recently.isRepeated('web01', 'menu', 0)).toBe(false);
  expect(recently.isRepeated('web01', 'menu', 900)).toBe(true);
  expect(recently.isRepeated('web01', 'menu', 1800)).toBe(true);
  expect(recently.isRepeated('web01', 'menu', 2800)).toBe(false);
});

test('another value is news, and so is another key', () => {
  const recently = new Recently({ keepMs: 1000, keys: 10 });
  recently.isRepeated('web01', 'menu', 0);
  expect(recently.isRepeated('web01', 'local disk', 1)).toBe(false);
  expect(recently.isRepeated('web01', 'menu', 2)).toBe(false);
  expect(recently.isRepeated('web02', 'menu', 3)).toBe(false);
});

test('what was forgotten is news', () => {
  const recently = new Recently({ keepMs: 1000, keys: 10 });
  recently.isRepeated('web01', 'menu', 0);
  recently.forget('web01');
  expect(recently.isRepeated('web01', 'menu', 1)).toBe(false);
});

test('it never remembers more keys than it may, and forgets the one not seen for longest', () => {
  const recently = new Recently({ keepMs: 1000, keys: 2 });
  recently.isRepeated('a', 'x', 0);
  recently.isRepeated('b', 'x', 1);
  recently.isRepeated('a', 'x', 2);
  recently.isRepeated('c', 'x', 3);
  expect(recently.isRepeated('a', 'x', 4)).toBe(true);
  expect(recently.isRepeated('b', 'x', 5)).toBe(false);
});
