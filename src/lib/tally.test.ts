import { expect, test } from 'vitest';
import { MAX_TALLY_WORDS, OTHER_WORDS, Tally } from './tally.ts';

test('a tally counts each word by itself', () => {
  const tally = new Tally();
  tally.count('sent');
  tally.count('failed', 2);
  tally.count('sent');
  expect([...tally.counts]).toEqual([
    ['sent', 2],
    ['failed', 2],
  ]);
});

test('more words than a tally keeps are counted together', () => {
  const tally = new Tally();
  for (let word = 0; word < MAX_TALLY_WORDS + 100; word += 1) tally.count(`word ${word}`);
  tally.count('word 0');
  expect(tally.counts.size).toBe(MAX_TALLY_WORDS + 1);
  expect(tally.counts.get(OTHER_WORDS)).toBe(100);
  expect(tally.counts.get('word 0')).toBe(2);
});
