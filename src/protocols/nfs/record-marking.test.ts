import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DecodeError } from '../../lib/decode-error.ts';
import { RecordReader, recordMark } from './record-marking.ts';
import { marked, words } from './suite/rpc-messages.ts';

const LAST = 0x8000_0000;
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('RecordReader', () => {
  test('messages come out as they went in, however they are cut into fragments and pieces', () => {
    const message = fc.uint8Array({ maxLength: 50 });
    const sizes = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 6 }), sizes, sizes, (messages, fragments, pieces) => {
        const stream = Buffer.concat(messages.map((one) => inFragments(one, fragments)));
        const reader = new RecordReader(64);
        const read: string[] = [];
        let at = 0;
        for (let turn = 0; at < stream.length; turn += 1) {
          // A chunk of its own: what it shares memory with is overwritten, as a socket's buffer is.
          const chunk = Uint8Array.from(stream.subarray(at, at + (pieces[turn % pieces.length] ?? 1)));
          at += chunk.length;
          read.push(...reader.push(chunk).map(hex));
          chunk.fill(0xee);
        }
        expect(read).toEqual(messages.map(hex));
      }),
      { numRuns: 500 },
    );
  });

  test('several messages in one piece are read at once', () => {
    const stream = Buffer.concat([marked(words(1)), marked(words(2)), marked(words(3)).subarray(0, 6)]);
    expect(new RecordReader(64).push(stream).map(hex)).toEqual(['00000001', '00000002']);
  });

  test('a message of one fragment in one piece is not copied', () => {
    const stream = marked(words(7));
    expect(new RecordReader(64).push(stream)[0]?.buffer).toBe(stream.buffer);
  });

  for (const [what, bytes] of [
    ['a fragment of 2 GB', words(0x7fff_ffff)],
    ['a last fragment of 2 GB', words(0xffff_ffff)],
    [
      'a fragment that makes it one byte too long',
      Buffer.concat([words(60), Buffer.alloc(60), words(LAST + 5)]),
    ],
    ['ten thousand empty fragments', Buffer.alloc(40_000)],
  ] as const) {
    test(`refuses ${what}`, () => expect(() => new RecordReader(64).push(bytes)).toThrow(DecodeError));
  }

  test('some empty fragments are legal', () => {
    const stream = Buffer.concat([Buffer.alloc(40), marked(words(1)), marked(new Uint8Array(0))]);
    expect(new RecordReader(64).push(stream).map(hex)).toEqual(['00000001', '']);
  });
});

test('recordMark: one fragment, which is the last', () => expect(hex(recordMark(0x1_0000))).toBe('80010000'));

function inFragments(message: Uint8Array, sizes: readonly number[]): Uint8Array {
  const parts: Uint8Array[] = [];
  let at = 0;
  for (let turn = 0; ; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    const part = message.subarray(at, at + size);
    at += size;
    const isLast = at >= message.length;
    parts.push(words((isLast ? LAST : 0) + part.length), part);
    if (isLast) return Buffer.concat(parts);
  }
}
