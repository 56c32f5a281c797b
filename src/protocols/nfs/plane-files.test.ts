import { beforeEach, describe, expect, test } from 'vitest';
import { KnownFiles, placeOfByte } from './plane-files.ts';
import type { ServedFile } from './plane-messages.ts';

const file = (number: number, extents: ServedFile['extents'] = []): ServedFile => ({
  number,
  descriptor: number + 100,
  extents,
  size: extents.reduce((sum, { length }) => sum + length, 0),
  attributes: new Uint8Array(88),
});

describe('files that are known', () => {
  let released: number[];
  let known: KnownFiles;
  beforeEach(() => {
    released = [];
    known = new KnownFiles((number) => released.push(number), 2);
  });

  test('are found until it is no longer sure', () => {
    known.learn('a', file(1), 100);
    expect(known.find('a', 99)).toMatchObject({ number: 1 });
    expect([known.find('a', 100), known.find('b', 0)]).toEqual(['unknown', 'unknown']);
    known.forgetOld(99);
    expect(released).toEqual([]);
    known.forgetOld(100);
    expect(released).toEqual([1]);
  });

  test('may be those that the main thread reads', () => {
    known.learnPlain('a', 100);
    expect([known.find('a', 99), known.find('a', 100)]).toEqual(['of the main thread', 'unknown']);
    known.forgetOld(200);
    expect(released).toEqual([]);
  });

  test('are released when the last reply has ended, and once', () => {
    const held = known.learn('a', file(1), 100);
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
    expect([released, known.find('a', 0)]).toEqual([[1], 'unknown']);
  });

  test('are forgotten at once when their bytes are not what they were', () => {
    const held = known.learn('a', file(1), 100);
    known.begin(held);
    known.forget(held);
    expect([known.find('a', 0), released]).toEqual(['unknown', []]);
    known.end(held);
    expect(released).toEqual([1]);
  });
});

describe('a byte of a file on a disc image', () => {
  const known = new KnownFiles(() => undefined);
  const held = known.learn(
    'a',
    file(1, [
      { offset: 5000, length: 10 },
      { offset: 0, length: 1 },
      { offset: 700, length: 300 },
    ]),
    100,
  );
  for (const [at, place] of [
    [0, { offset: 5000, length: 10 }],
    [9, { offset: 5009, length: 1 }],
    [10, { offset: 0, length: 1 }],
    [11, { offset: 700, length: 300 }],
    [310, { offset: 999, length: 1 }],
    [311, undefined],
  ] as const)
    test(`${at} is ${place ? `at ${place.offset}, with ${place.length} in a row` : 'nowhere'}`, () =>
      expect(placeOfByte(held, at)).toEqual(place));
});
