import { describe, expect, test } from 'vitest';
import { encodeReply, quotedPath, ReplyCode, replyWith } from './reply.ts';

describe('a reply is written', () => {
  for (const [what, lines, expected] of [
    ['in one line', ['Here'], '200 Here\r\n'],
    ['in two', ['First', 'End'], '200-First\r\n200 End\r\n'],
    ['with a space before those between', ['First', '200 no', 'End'], '200-First\r\n 200 no\r\n200 End\r\n'],
    ['in UTF-8', ['Größe'], '200 Größe\r\n'],
    ['without what would end its line', ['a\r\n226 b\0\u001B'], '200 a\uFFFD\uFFFD226 b\uFFFD\uFFFD\r\n'],
  ] as const) {
    test(what, () =>
      expect(new TextDecoder().decode(encodeReply(replyWith(ReplyCode.okay, ...lines)))).toBe(expected),
    );
  }
});

test('quotation marks of a path are doubled', () => expect(quotedPath('/a"b')).toBe('"/a""b"'));
