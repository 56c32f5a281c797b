import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ipv6FromBytes } from './addresses.ts';
import { ipv6ToBytes, isIpv6, isLinkLocal, macOfIpv6, parseIp, parseIpv6, urlHost } from './ipv6-address.ts';

test('an IPv6 address is the same as text and bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
      const address = ipv6FromBytes(bytes);
      expect([...ipv6ToBytes(address)]).toEqual([...bytes]);
      expect(parseIpv6(address)).toBe(address);
    }),
  );
});

test.each([
  ['FD00:0:0:0:0:0:0:10', 'fd00::10'],
  ['::', '::'],
  ['::1', '::1'],
  ['fe80::', 'fe80::'],
  ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
  ['::ffff:192.0.2.1', '::ffff:c000:201'],
  ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
])('parseIpv6 takes %s as %s', (text, canonical) => expect(parseIpv6(text)).toBe(canonical));

test.each([
  '',
  ':',
  ':::',
  '1::2::3',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '1:2:3:4::5:6:7:8',
  '12345::',
  'fe80::1%eth0',
  'g::1',
  '192.0.2.1',
  '::1.2.3',
])('parseIpv6 refuses "%s" and says what it wants', (text) => {
  expect(() => parseIpv6(text)).toThrow(/is not an IPv6 address: up to eight groups/);
});

test.each([
  ['fe80::5054:ff:fe12:3456', true],
  ['febf::1', true],
  ['fec0::1', false],
  ['fd00::1', false],
  ['fe8::1', false],
])('%s holds on one link only: %s', (text, expected) => expect(isLinkLocal(parseIpv6(text))).toBe(expected));

test('the MAC address comes back out of an address that was made of it', () => {
  expect(macOfIpv6(parseIpv6('fe80::5054:ff:fe12:3456'))).toBe('52:54:00:12:34:56');
  expect(macOfIpv6(parseIpv6('2001:db8::21b:21ff:fe0a:b0c'))).toBe('00:1b:21:0a:0b:0c');
  expect(macOfIpv6(parseIpv6('fe80::5054:4d:55ff:1'))).toBeUndefined();
});

test('an address of either kind is told apart, and stands in a URL as it must', () => {
  expect(isIpv6(parseIp('fd00::1'))).toBe(true);
  expect(isIpv6(parseIp('192.0.2.1'))).toBe(false);
  expect(urlHost(parseIp('fd00::1'))).toBe('[fd00::1]');
  expect(urlHost(parseIp('192.0.2.1'))).toBe('192.0.2.1');
});

test('parseIpv6 refuses an IPv4 part that is none', () => {
  expect(() => parseIpv6('::256.0.0.1')).toThrow(/"256.0.0.1" is not an IPv4 address/);
});
