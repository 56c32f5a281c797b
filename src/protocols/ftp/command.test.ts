import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CommandReader, type ControlLine, MAX_LINE_BYTES } from './command.ts';

const IAC = 0xff;
const IP = 0xf4;
const DM = 0xf2;

function bytesOf(...pieces: readonly (string | readonly number[])[]): Uint8Array {
  return Uint8Array.from(
    pieces.flatMap((piece) => (typeof piece === 'string' ? [...new TextEncoder().encode(piece)] : piece)),
  );
}

function readAll(reader: CommandReader): ControlLine[] {
  const lines: ControlLine[] = [];
  for (let line = reader.next(); line; line = reader.next()) lines.push(line);
  return lines;
}

function commandsIn(bytes: Uint8Array): (readonly [string, string] | 'too long')[] {
  const reader = new CommandReader();
  reader.push(bytes);
  return readAll(reader).map((line) =>
    line.read === 'command' ? ([line.command.verb, line.command.argument] as const) : 'too long',
  );
}

describe('a line is read', () => {
  for (const [what, bytes, expected] of [
    ['with CR LF', bytesOf('USER ftp\r\n'), [['USER', 'ftp']]],
    ['with LF alone', bytesOf('USER ftp\n'), [['USER', 'ftp']]],
    ['in lower case', bytesOf('retr File\r\n'), [['RETR', 'File']]],
    ['with spaces that belong to the path', bytesOf('RETR  a b \r\n'), [['RETR', ' a b ']]],
    ['with spaces before the verb', bytesOf('  NOOP\r\n'), [['NOOP', '']]],
    [
      'two at once',
      bytesOf('PWD\r\nQUIT\r\n'),
      [
        ['PWD', ''],
        ['QUIT', ''],
      ],
    ],
    ['not before its end', bytesOf('QUIT'), []],
    ['not when it is empty', bytesOf('\r\n\n  \r\nPWD\r\n'), [['PWD', '']]],
    ['as UTF-8', bytesOf('RETR Größe/файл\r\n'), [['RETR', 'Größe/файл']]],
    ['with U+FFFD for what is not UTF-8', bytesOf('RETR ', [0xe9], 't\r\n'), [['RETR', '\uFFFDt']]],
    ['with a carriage return in a name (RFC 2640 §3.1)', bytesOf('RETR a\r\0b\r\n'), [['RETR', 'a\rb']]],
    ['with a NUL, which no path has', bytesOf('RETR a\0b\r\n'), [['RETR', 'a\0b']]],
    ['behind a Synch', bytesOf([IAC, IP, IAC, DM], 'ABOR\r\n'), [['ABOR', '']]],
    ['behind a Synch whose mark was urgent (lftp)', bytesOf([IAC, IP, IAC], 'ABOR\r\n'), [['ABOR', '']]],
    ['behind a Synch whose last IAC was urgent (BSD)', bytesOf([IAC, IP, DM], 'ABOR\r\n'), [['ABOR', '']]],
    ['without a Telnet option', bytesOf([IAC, 0xfd, 1], 'PW', [IAC, 0xfb, 3], 'D\r\n'), [['PWD', '']]],
    ['without a sub-negotiation', bytesOf([IAC, 0xfa, 1, IAC, 2, IAC, 0xf0], 'PWD\r\n'), [['PWD', '']]],
    ['with an IAC that stands for itself', bytesOf('RETR a', [IAC, IAC], 'b\r\n'), [['RETR', 'a\uFFFDb']]],
    [
      'of the longest length',
      bytesOf('RETR ', 'x'.repeat(MAX_LINE_BYTES - 5), '\n'),
      [['RETR', 'x'.repeat(MAX_LINE_BYTES - 5)]],
    ],
    [
      'and is too long with one more',
      bytesOf('x'.repeat(MAX_LINE_BYTES + 1), '\nPWD\n'),
      ['too long', ['PWD', '']],
    ],
  ] as const) {
    test(what, () => expect(commandsIn(bytes)).toEqual(expected));
  }
});

const LIKELY_BYTES = fc.constantFrom(0, 0x0a, 0x0d, 0x20, 0x41, IAC, 0xf0, DM, IP, 0xfa, 0xfb, 0xfe, 0xc3);
const ANY_BYTES = fc.array(fc.oneof(LIKELY_BYTES, fc.nat({ max: 255 })), { maxLength: 200 });

test('ABOR is read without its LF, which was urgent (Python), and once', () => {
  const reader = new CommandReader();
  const pieces = ['PWD\r\nABOR\r', '\n', 'ABOR\r', 'NOOP\r\nABO', 'R\r'];
  const verbs = pieces.flatMap((piece) => {
    reader.push(bytesOf(piece));
    return readAll(reader).map((line) => (line.read === 'command' ? line.command.verb : 'too long'));
  });
  expect(verbs).toEqual(['PWD', 'ABOR', 'ABOR', 'NOOP', 'ABOR']);
});

test('the same lines come whatever the pieces in which the bytes arrive', () => {
  fc.assert(
    fc.property(ANY_BYTES, fc.array(fc.nat({ max: 200 }), { maxLength: 5 }), (bytes, cuts) => {
      const whole = new CommandReader();
      whole.push(Uint8Array.from(bytes));
      const pieces = new CommandReader();
      const places = [...cuts, 0, bytes.length].sort((a, b) => a - b);
      const lines = places.flatMap((place, at) => {
        pieces.push(Uint8Array.from(bytes.slice(place, places[at + 1])));
        return at % 2 === 0 ? readAll(pieces) : [];
      });
      expect([...lines, ...readAll(pieces)]).toEqual(readAll(whole));
    }),
  );
});

test('of bytes without a line end nothing is kept beyond the longest line', () => {
  const reader = new CommandReader();
  for (let mebibytes = 0; mebibytes < 8; mebibytes += 1) {
    reader.push(new Uint8Array(1024 * 1024).fill(0x41));
    expect(reader.next()).toBeUndefined();
    expect(reader.waitingBytes).toBe(0);
  }
  reader.push(bytesOf('\r\n'));
  expect(reader.next()).toEqual({ read: 'too long' });
});
