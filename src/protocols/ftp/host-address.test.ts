import { expect, test } from 'vitest';
import { parseIp } from '../../lib/ipv6-address.ts';
import { hostOf, plainAddress } from './host-address.ts';

for (const [written, expected] of [
  ['192.0.2.10', '192.0.2.10'],
  ['::ffff:192.0.2.10', '192.0.2.10'],
  ['2001:db8::10', '2001:db8::10'],
  ['fe80::1%eth0', 'fe80::1'],
] as const) {
  test(`"${written}" is ${expected}`, () => expect(plainAddress(written)).toBe(expected));
}

test('a connection that is closed already has no address', () => {
  expect(() => plainAddress(undefined)).toThrow(SyntaxError);
});

test('only a link-local address needs its interface', () => {
  expect(hostOf(parseIp('fe80::1'), 'eth0')).toBe('fe80::1%eth0');
  expect(hostOf(parseIp('fe80::1'), undefined)).toBe('fe80::1');
  expect(hostOf(parseIp('2001:db8::1'), 'eth0')).toBe('2001:db8::1');
  expect(hostOf(parseIp('192.0.2.1'), 'eth0')).toBe('192.0.2.1');
});
