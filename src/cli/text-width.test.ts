import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { cutTo, padTo, widthOf } from './text-width.ts';

/**
 * Unicode 16 made the symbols of the I Ching and the like wide, which not every Node knows; marks on wide letters stand
 * on them in every terminal; notes of music that are made of several are taken apart by Node.
 */
const DISAGREED =
  /[\u2630-\u2637\u268A-\u268F\u4DC0-\u4DFF\u{1D100}-\u{1D37F}\u302A-\u302D\u3099\u309A\u{16FE4}]/u;

describe('widthOf', () => {
  for (const [text, width] of [
    ['', 0],
    ['web1', 4],
    ['Grüße', 5],
    ['Gru\u0308ße', 5],
    ['机架三号', 8],
    ['ラック', 6],
    ['ﾗｯｸ', 3],
    ['서버', 4],
    ['Ａ１', 4],
    ['✅ ok', 5],
    ['🖥', 1],
    ['🚀', 2],
    ['𠀀', 2],
    ['a\u200Bb', 2],
  ] as const) {
    test(`"${text}" takes ${width}`, () => expect(widthOf(text)).toBe(width));
  }

  test("letters are as wide as Node's own line editor takes them for, which asks ICU", () => {
    const streams = { input: new PassThrough(), output: new PassThrough() };
    const lines = createInterface({ ...streams, terminal: true, prompt: '' });
    const others: string[] = [];
    for (let code = 0x20; code < 0x2_1000; code += 1) {
      const letter = String.fromCodePoint(code);
      // What is not assigned, ours alone, or half of a pair has no width to agree on; controls are never printed.
      if (/[\p{Cn}\p{Co}\p{Cs}\p{Cc}]/u.test(letter) || DISAGREED.test(letter)) continue;
      Object.assign(lines, { line: letter, cursor: letter.length });
      if (lines.getCursorPos().cols !== widthOf(letter))
        others.push(`${code.toString(16)}: ${lines.getCursorPos().cols}`);
    }
    lines.close();
    expect(others.join(' ')).toBe('');
  });
});

for (const [text, width, expected] of [
  ['short', 5, 'short'],
  ['longer', 5, 'long…'],
  ['机架三号', 8, '机架三号'],
  ['机架三号', 7, '机架三…'],
  ['机架三号', 6, '机架…'],
  ['e\u0301e\u0301e\u0301', 2, 'e\u0301…'],
  ['any', 1, '…'],
  ['any', 0, ''],
] as const) {
  test(`"${text}" in ${width} cells is "${expected}"`, () => expect(cutTo(text, width)).toBe(expected));
}

test('padding counts cells', () => {
  expect(padTo('机架', 6)).toBe('机架  ');
  expect(padTo('too long', 3)).toBe('too long');
});
