import { beforeEach, expect, test } from 'vitest';
import { ANSWER_TIME_LIMIT_MS, AnswersUnderWay, type Outcome } from './answers-under-way.ts';

const [CLIENT, OTHER] = [1, 2];
const SILENCE: Outcome = { reply: undefined };

let nowMs: number;
let left: string[];
let ended: string[];
/** Sending `slow` takes until this is called. */
let sent: () => void;
let answers: AnswersUnderWay<string>;

beforeEach(() => {
  nowMs = 0;
  left = [];
  ended = [];
  answers = new AnswersUnderWay<string>({
    leave: async (asker, outcome) => {
      left.push('error' in outcome ? `${asker}: ${(outcome.error as Error).message}` : asker);
      if (asker === 'slow') await new Promise<void>((resolve) => (sent = resolve));
    },
    ended: (asker) => void ended.push(asker),
    nowMs: () => nowMs,
  });
});

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('answers to one client leave in the order of its requests, those to others when they are found', async () => {
  const [first, second, third] = [
    answers.begin('first', CLIENT),
    answers.begin('second', CLIENT),
    answers.begin('third', CLIENT),
  ];
  const other = answers.begin('other', OTHER);
  answers.found(third, SILENCE);
  answers.found(second, SILENCE);
  answers.found(other, SILENCE);
  await settled();
  expect(left).toEqual(['other']);
  answers.found(first, SILENCE);
  await settled();
  expect(left).toEqual(['other', 'first', 'second', 'third']);
  expect(ended).toEqual(left);
  expect(answers.size).toBe(0);
});

test('the next to the same client waits until the one before it is sent', async () => {
  const [slow, next] = [answers.begin('slow', CLIENT), answers.begin('next', CLIENT)];
  answers.found(slow, SILENCE);
  answers.found(next, SILENCE);
  await settled();
  expect([left, answers.size]).toEqual([['slow'], 2]);
  sent();
  await settled();
  expect([left, answers.size]).toEqual([['slow', 'next'], 0]);
});

test('one that is never found keeps no place, and what is found for it later is forgotten', async () => {
  const late = answers.begin('late', CLIENT);
  nowMs = 1;
  const next = answers.begin('next', CLIENT);
  answers.found(next, SILENCE);
  nowMs = ANSWER_TIME_LIMIT_MS - 1;
  answers.giveUpLate();
  await settled();
  expect(left).toEqual([]);
  nowMs = ANSWER_TIME_LIMIT_MS;
  answers.giveUpLate();
  await settled();
  expect(left).toEqual(['late: No answer was found within 10000 ms, so none is sent', 'next']);
  answers.found(late, SILENCE);
  await settled();
  expect([left.length, answers.size]).toEqual([2, 0]);
});

test('a client that asks ten thousand times while it waits gets them all, in order', async () => {
  const all = Array.from({ length: 10_000 }, (_, number) => answers.begin(String(number), CLIENT));
  for (const one of all.slice(1)) answers.found(one, SILENCE);
  if (all[0]) answers.found(all[0], SILENCE);
  while (answers.size > 0) await settled();
  expect(left).toEqual(all.map(({ asker }) => asker));
});
