import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_PORT_ID_BYTES, parsePortText, portKey, portText } from './relay-port-text.ts';

for (const [what, bytes, text] of [
  ['text', Buffer.from('ge-0/0/1:vlan10'), 'ge-0/0/1:vlan10'],
  ['numbers', Uint8Array.of(0, 4, 0, 10, 1, 3), '0x0004000a0103'],
  ['text with a space', Buffer.from('port 7'), '0x706f72742037'],
  ['text that looks like hex digits', Buffer.from('0x07'), '0x30783037'],
  ['text with what parts a port from its relay', Buffer.from('a@b'), '0x614062'],
  ['nothing', new Uint8Array(0), '0x'],
] as const) {
  test(`portText writes ${what} in one way`, () => expect(portText(bytes)).toBe(text));
}

test('parsePortText reads what portText writes, whatever the bytes are', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: MAX_PORT_ID_BYTES }), (bytes) => {
      const text = portText(bytes);
      expect(parsePortText(text)).toBe(text);
    }),
  );
});

for (const [written, meant] of [
  ['0x657468302F37', 'eth0/7'],
  ['0X00ff', '0x00ff'],
  ['eth0/7', 'eth0/7'],
] as const) {
  test(`parsePortText takes ${written} for ${meant}`, () => expect(parsePortText(written)).toBe(meant));
}

for (const text of [
  '',
  'port 7',
  'a@b',
  'a=b',
  '0x',
  '0x0',
  '0xzz',
  'ä',
  'x'.repeat(256),
  `0x${'00'.repeat(256)}`,
]) {
  test(`parsePortText refuses "${text.slice(0, 10)}" (${text.length} letters)`, () => {
    expect(() => parsePortText(text)).toThrow(SyntaxError);
  });
}

test('portKey tells ports of different relays apart', () => {
  expect(portKey('eth0/7', undefined)).toBe('port:eth0/7');
  expect(portKey('eth0/7', 'rack1')).toBe('port:eth0/7@rack1');
  expect(portKey(undefined, 'rack1')).toBe('port:@rack1');
});
