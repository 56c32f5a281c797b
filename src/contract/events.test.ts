import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  encodeStreamEvent,
  MAX_STREAM_EVENT_LENGTH,
  STREAM_HEARTBEAT,
  STREAM_OPENING,
  StreamDecoder,
  TIMELINE_EVENT_NAME,
} from './events.ts';

const EVENT = {
  id: 7,
  at: '2026-11-23T13:00:00.000Z',
  kind: 'boot.decided',
  text: 'Two lines\nand a \u2028 separator: "x"',
};

test('an event comes out of the stream as it went in, wherever the stream is cut', () => {
  const stream = `${STREAM_OPENING}${STREAM_HEARTBEAT}${encodeStreamEvent(EVENT)}${STREAM_HEARTBEAT}${encodeStreamEvent({ ...EVENT, id: 8 })}`;
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: stream.length }), { maxLength: 20 }), (cuts) => {
      const ends = [...cuts, stream.length].sort((one, other) => one - other);
      const decoder = new StreamDecoder();
      const messages = ends.flatMap((end, index) => decoder.push(stream.slice(ends[index - 1] ?? 0, end)));
      expect(messages.map(({ event, id, data }) => [event, id, JSON.parse(data)])).toEqual([
        [TIMELINE_EVENT_NAME, '7', EVENT],
        [TIMELINE_EVENT_NAME, '8', { ...EVENT, id: 8 }],
      ]);
    }),
  );
});

for (const [title, text, expected] of [
  ['comments are passed over', ': hello\n\n', []],
  ['several data lines are one text', 'data: a\ndata: b\n\n', [{ event: 'message', data: 'a\nb' }]],
  ['one space after the colon is no part of the value', 'data:  a\n\n', [{ event: 'message', data: ' a' }]],
  ['CRLF ends lines too', 'id: 3\r\ndata: a\r\n\r\n', [{ event: 'message', id: '3', data: 'a' }]],
  ['a field without a colon is empty', 'data\n\n', [{ event: 'message', data: '' }]],
  ['what has no end yet is kept', 'data: a\n', []],
] as const) {
  test(`a reader of the stream: ${title}`, () => {
    expect(new StreamDecoder().push(text)).toEqual(expected);
  });
}

test('an event without an end is refused before it fills the memory', () => {
  const decoder = new StreamDecoder();
  const piece = 'x'.repeat(MAX_STREAM_EVENT_LENGTH / 2);
  decoder.push(piece);
  decoder.push(piece);
  expect(() => decoder.push('x')).toThrow(RangeError);
});
