import { expect, test } from 'vitest';
import { parseIpv4, parseMac } from '../lib/addresses.ts';
import { decodeArpSender, encodeArpProbe } from './arp-packet.ts';

const MAC = parseMac('52:54:00:12:34:56');

test('a probe asks everybody who has the address, and says none of its own (RFC 5227)', () => {
  const frame = encodeArpProbe(MAC, parseIpv4('192.168.122.100'));
  expect(Buffer.from(frame).toString('hex')).toBe(
    `ffffffffffff5254001234560806000108000604000152540012345600000000000000000000c0a87a64${'00'.repeat(18)}`,
  );
  expect(decodeArpSender(frame)).toEqual({ mac: MAC, address: '0.0.0.0' });
});

test('a reply tells who has the address', () => {
  const reply = Buffer.from(
    '525400123456525400654321080600010800060400025254006543 21c0a87a64525400123456c0a87a01'.replaceAll(
      ' ',
      '',
    ),
    'hex',
  );
  expect(decodeArpSender(reply)).toEqual({ mac: '52:54:00:65:43:21', address: '192.168.122.100' });
});

for (const [what, hex] of [
  ['a frame of IPv4', `${'00'.repeat(12)}0800${'00'.repeat(46)}`],
  ['ARP about another hardware', `${'00'.repeat(12)}080600060800060400010000${'00'.repeat(40)}`],
  ['a frame that is cut off', `${'00'.repeat(12)}08060001080006040002`],
] as const) {
  test(`refuses ${what}`, () => expect(() => decodeArpSender(Buffer.from(hex, 'hex'))).toThrow(/at byte/));
}
