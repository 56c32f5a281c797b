import { describe, expect, test } from 'vitest';
import { DiscFields } from './disc-fields.ts';
import { RockRidgeFields } from './rock-ridge.ts';
import { ascii, joined, linkEntry, modeEntry, nameEntry, susp } from './suite/made-disc.ts';
import { readArea } from './system-use.ts';

function read(...entries: readonly Uint8Array[]): RockRidgeFields {
  const fields = new DiscFields(joined(...entries), 0);
  const into = new RockRidgeFields();
  readArea(fields, 0, fields.length, into);
  return into;
}

describe('a name', () => {
  for (const [what, entries, name] of [
    ['in one entry', [nameEntry('Name.txt')], 'Name.txt'],
    ['in three', [nameEntry('one-', 1), nameEntry('two-', 1), nameEntry('three')], 'one-two-three'],
    [
      'of 255 bytes',
      [nameEntry('a'.repeat(200), 1), nameEntry('b'.repeat(55))],
      'a'.repeat(200) + 'b'.repeat(55),
    ],
    [
      'with a letter that two entries share',
      [nameEntry(new Uint8Array([0xc3]), 1), nameEntry(new Uint8Array([0xbc]))],
      'ü',
    ],
    ['that is not UTF-8', [nameEntry(new Uint8Array([0x66, 0xfc, 0x72]))], 'f\uFFFDr'],
    ['that is not there', [modeEntry(0o100_644)], undefined],
    ['behind the end of the entries', [susp('ST'), nameEntry('no')], undefined],
    ['behind what is no entry', [new Uint8Array(8), nameEntry('no')], undefined],
    ['behind an entry that nobody knows', [susp('XX', ascii('whatever')), nameEntry('yes')], 'yes'],
    ['behind an entry that is too short', [susp('PX', [1, 2]), nameEntry('yes')], 'yes'],
  ] as const) {
    test(what, () => {
      const found = read(...entries);
      expect(found).toMatchObject({ name, whyNoName: undefined });
    });
  }
});

describe('a link leads to', () => {
  for (const [target, entries] of [
    ['a', [linkEntry([[0, 'a']])]],
    [
      '../a/./b',
      [
        linkEntry([
          [4, ''],
          [0, 'a'],
          [2, ''],
          [0, 'b'],
        ]),
      ],
    ],
    ['/', [linkEntry([[8, '']])]],
    [
      '/a/b',
      [
        linkEntry([
          [8, ''],
          [0, 'a'],
          [0, 'b'],
        ]),
      ],
    ],
    [
      '/a',
      [
        linkEntry([
          [0x10, ''],
          [0, 'a'],
        ]),
      ],
    ],
    [
      'a//b',
      [
        linkEntry([
          [0, 'a'],
          [8, ''],
          [0, 'b'],
        ]),
      ],
    ],
    [
      'abc/d',
      [
        linkEntry([[1, 'a']], 1),
        linkEntry([[1, 'b']], 1),
        linkEntry([
          [0, 'c'],
          [0, 'd'],
        ]),
      ],
    ],
    ['a/b', [linkEntry([[0, 'a']], 1), linkEntry([[0, 'b']])]],
  ] as const) {
    test(target, () => expect(read(...entries).link).toMatchObject({ target, whyNot: undefined }));
  }
});

describe('a time of modification is taken', () => {
  const short = (day: number): readonly number[] => [121, 2, day, 4, 5, 6, 4];
  const long = [...ascii('2021020304050678'), 0xfc];
  for (const [what, entry, expected] of [
    ['alone', susp('TF', [0x02], short(3)), Date.UTC(2021, 1, 3, 3, 5, 6)],
    ['behind that of creation', susp('TF', [0x03], short(1), short(3)), Date.UTC(2021, 1, 3, 3, 5, 6)],
    [
      'before that of access',
      susp('TF', [0x0e], short(3), short(1), short(1)),
      Date.UTC(2021, 1, 3, 3, 5, 6),
    ],
    ['in digits', susp('TF', [0x82], long), Date.UTC(2021, 1, 3, 5, 5, 6, 780)],
    ['never, where there is none', susp('TF', [0x01], short(3)), undefined],
    ['never, where the entry ends before', susp('TF', [0x03], short(3)), undefined],
    ['never, where it is all zeros', susp('TF', [0x02], [0, 0, 0, 0, 0, 0, 0]), undefined],
  ] as const) {
    test(what, () => expect(read(entry).mtimeMs).toBe(expected));
  }
});
