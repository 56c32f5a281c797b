import { expect, test } from 'vitest';
import { SaidRecently } from './said-recently.ts';

const MINUTE = 60_000;

test('the same is said once in a period', () => {
  const said = new SaidRecently({ periodMs: MINUTE, max: 10 });
  expect(said.say('a', 0)).toBe(true);
  expect(said.say('a', MINUTE - 1)).toBe(false);
  expect(said.say('b', MINUTE - 1)).toBe(true);
  expect(said.say('a', MINUTE)).toBe(true);
});

test('a flood of new things is said up to the limit, and again when the period is over', () => {
  const said = new SaidRecently({ periodMs: MINUTE, max: 3 });
  const first = ['a', 'b', 'c', 'd', 'e'].map((key) => said.say(key, 0));
  expect(first).toEqual([true, true, true, false, false]);
  expect(said.say('d', MINUTE)).toBe(true);
});

test('a clock that is set back does not make it fall silent', () => {
  const said = new SaidRecently({ periodMs: MINUTE, max: 1 });
  said.say('a', 1_000_000);
  expect(said.say('a', 0)).toBe(true);
});
