import { expect, test } from 'vitest';
import { decodeEchoReply, encodeEchoRequest } from './icmp-echo.ts';

/** An IPv4 header of 20 bytes from 10.0.0.7, with this protocol. */
const header = (protocol: string): string => `4500001c0000000040${protocol}00000a0000070a000001`;

test('an echo request has its identification, its sequence and a checksum that fits', () => {
  expect(Buffer.from(encodeEchoRequest(0x1234, 1)).toString('hex')).toBe('0800e5ca12340001');
});

test('an echo reply tells who sent it, and which request it answers', () => {
  const reply = Buffer.from(`${header('01')}0000edca12340001`, 'hex');
  expect(decodeEchoReply(reply)).toEqual({ address: '10.0.0.7', identification: 0x1234 });
});

for (const [what, hex] of [
  ['an echo request', `${header('01')}0800e5ca12340001`],
  ['another protocol', `${header('11')}0000edca12340001`],
  ['a packet that is cut off', header('01')],
  ['nothing', ''],
] as const) {
  test(`refuses ${what}`, () => expect(() => decodeEchoReply(Buffer.from(hex, 'hex'))).toThrow(/at byte/));
}
