import { beforeEach, describe, expect, test } from 'vitest';
import { KnownFiles } from './known-files.ts';

interface TestFile {
  readonly number: number;
}

const file = (number: number): TestFile => ({ number });

describe('files that are known', () => {
  let released: number[];
  let known: KnownFiles<TestFile, 'plain'>;
  beforeEach(() => {
    released = [];
    known = new KnownFiles((number) => released.push(number), 2);
  });

  test('are found until it is no longer sure', () => {
    known.learn('a', file(1), 100);
    expect(known.find('a', 99)).toMatchObject({ number: 1 });
    expect([known.find('a', 100), known.find('b', 0)]).toEqual([undefined, undefined]);
    known.forgetOld(99);
    expect(released).toEqual([]);
    known.forgetOld(100);
    expect(released).toEqual([1]);
  });

  test('may have names beside them that lead to no file', () => {
    known.learnOther('a', 'plain', 100);
    expect([known.find('a', 99), known.find('a', 100)]).toEqual(['plain', undefined]);
    known.forgetOld(200);
    expect(released).toEqual([]);
  });

  test('are released when the last reply has ended, and once', () => {
    const held = file(1);
    known.learn('a', held, 100);
    known.begin(held);
    known.begin(held);
    known.learn('a', file(2), 200);
    known.end(held);
    expect(released).toEqual([]);
    known.end(held);
    known.end(held);
    expect(released).toEqual([1]);
    expect(known.find('a', 150)).toMatchObject({ number: 2 });
  });

  test('make room for others, the one learned first before', () => {
    for (const [key, number] of [
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ] as const)
      known.learn(key, file(number), 100);
    expect([released, known.find('a', 0)]).toEqual([[1], undefined]);
  });

  test('are forgotten at once when their bytes are not what they were', () => {
    const held = file(1);
    known.learn('a', held, 100);
    known.begin(held);
    known.forget(held);
    expect([known.find('a', 0), released]).toEqual([undefined, []]);
    known.end(held);
    expect(released).toEqual([1]);
  });
});
