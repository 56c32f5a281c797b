import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { macFromBytes } from '../../lib/addresses.ts';
import { macKey } from './lease.ts';
import { macKeyNumber, macKeyText, NO_MAC_KEY } from './mac-key.ts';

for (const [key, number] of [
  ['mac:00:00:00:00:00:00', 0],
  ['mac:00:00:00:00:00:01', 1],
  ['mac:00:00:ff:ff:ff:ff', 0xffff_ffff],
  ['mac:52:54:00:12:34:56', 0x5254_0012_3456],
  ['mac:ff:ff:ff:ff:ff:ff', 2 ** 48 - 1],
] as const) {
  test(`${key} is a number, and comes back`, () => {
    expect(macKeyNumber(key)).toBe(number);
    expect(macKeyText(number)).toBe(key);
  });
}

for (const [what, key] of [
  ['nothing', ''],
  ['another key', 'id:01:52:54:00:12:34'],
  ['a MAC address alone', '52:54:00:12:34:56'],
  ['capitals, which macKey does not make', 'mac:52:54:00:AB:34:56'],
  ['a digit too few', 'mac:52:54:00:12:34:5'],
  ['a digit too many', 'mac:52:54:00:12:34:567'],
  ['other dots', 'mac:52-54-00-12-34-56'],
  ['a sign', 'mac:52:54:00:12:34:-1'],
  ['no digit', 'mac:52:54:00:12:34:5g'],
  ['a wider digit', 'mac:52:54:00:12:34:5６'],
] as const) {
  test(`${what} is no number`, () => expect(macKeyNumber(key)).toBe(NO_MAC_KEY));
}

test('every MAC address comes back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 6, maxLength: 6 }), (bytes) => {
      const key = macKey(macFromBytes(bytes));
      return macKeyText(macKeyNumber(key)) === key;
    }),
  );
});
