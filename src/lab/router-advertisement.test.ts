import { expect, test } from 'vitest';
import { parseMac } from '../lib/addresses.ts';
import { routerAdvertisementFrame } from './router-advertisement.ts';

test('the frame is an empty router advertisement with a checksum a receiver takes', () => {
  const frame = Buffer.from(routerAdvertisementFrame(parseMac('52:54:00:4d:55:01')));
  expect(frame.toString('hex')).toBe(
    // Ethernet, then IPv6 from fe80::5054:ff:fe4d:5501 to ff02::1 with hop limit 255, then ICMPv6 type 134.
    '333300000001' +
      '5254004d5501' +
      '86dd' +
      '6000000000103aff' +
      'fe80000000000000505400fffe4d5501' +
      'ff020000000000000000000000000001' +
      '8600' +
      checksum() +
      '40000000' +
      '0000000000000000',
  );
});

/** By the other way of RFC 1071 §2: the sum of everything with the checksum in it is 0xffff. */
function checksum(): string {
  const words = [
    0xfe80, 0, 0, 0, 0x5054, 0x00ff, 0xfe4d, 0x5501, 0xff02, 0, 0, 0, 0, 0, 0, 1, 16, 58, 0x8600, 0x4000,
  ];
  const sum = words.reduce((total, word) => total + word, 0);
  const folded = (sum & 0xffff) + (sum >>> 16);
  return (0xffff - folded).toString(16).padStart(4, '0');
}
