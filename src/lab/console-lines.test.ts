import { describe, expect, test } from 'vitest';
import { ConsoleLines } from './console-lines.ts';

describe('ConsoleLines', () => {
  for (const [what, pieces, expected] of [
    ['lines that come in pieces', ['TINY[1', '.0] START\r\nnext\n'], ['TINY[1.0] START', 'next']],
    ['no line before its end', ['login: '], []],
    ['nothing of what moves a cursor', ['\x1b[2J\x1b[1;1Hboot:\x1b[0m ok\n'], ['boot: ok']],
    [
      'what UEFI prints, without its clearing of the screen',
      ['\x1b[2J\x1b[01;01H\x1b[=3h\x1b[2J\x1b[01;01H\r\n>>Start PXE over IPv4.\r\n'],
      ['>>Start PXE over IPv4.'],
    ],
    [
      'the rows of a menu as lines',
      ['\x1b[05;02H\x1b[0m\x1b[30m\x1b[47m*Local disk \x1b[0m\x1b[06;02', 'H Install Tiny \x1b[22;01H'],
      ['*Local disk', ' Install Tiny'],
    ],
    ['nothing of a character set', ['\x1b(B\x1b7text\x1b8\x1bc\n'], ['text']],
    ['nothing of a window title', ['\x1b]0;title\x07text\n'], ['text']],
    ['no empty lines', ['\r\n\r\n\n'], []],
    ['no control characters', ['a\x00b\x08c\n'], ['abc']],
  ] as const) {
    test(`gives ${what}`, () => {
      const lines = new ConsoleLines();
      expect(pieces.flatMap((piece) => lines.push(piece))).toEqual(expected);
    });
  }

  test('cuts a line that never ends', () => {
    const lines = new ConsoleLines();
    expect(lines.push('x'.repeat(9_000)).map((line) => line.length)).toEqual([4_000, 4_000]);
    expect(lines.unfinished).toHaveLength(1_000);
  });

  test('shows the prompt that waits', () => {
    const lines = new ConsoleLines();
    lines.push('Tiny\ntiny login: ');
    expect(lines.unfinished).toBe('tiny login:');
  });
});
