import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeIpxeFeatures, IpxeFeature, NO_PROXY_TO_WAIT_FOR } from './ipxe.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

/** As the boot ROM of ipxe-qemu 1.0.0+git-20190125 sends it on a virtio card. */
const ROM = bytes(
  'b1 05 01 1a f4 10 00  eb 03 01 00 00  17 01 01  22 01 01  13 01 01  11 01 01  27 01 01  19 01 01  10 01 02  15 01 01  12 01 01  18 01 01',
);

test('a build says what it can', () => {
  const features = decodeIpxeFeatures(ROM);
  expect(features.has(IpxeFeature.http)).toBe(true);
  expect(features.has(IpxeFeature.bzImage)).toBe(true);
  expect(features.has(IpxeFeature.menu)).toBe(true);
  expect(features.has(IpxeFeature.https)).toBe(false);
  expect(features.has(IpxeFeature.efi)).toBe(false);
  // Version and bus are no features.
  expect([...features].every((code) => code < 0x80)).toBe(true);
});

test('a feature that says 0 is not there, and what is cut off has what stands before', () => {
  expect([...decodeIpxeFeatures(bytes('13 01 00  18 01 01  ff 24 01 01'))]).toEqual([0x18]);
  expect([...decodeIpxeFeatures(bytes('00 13 01 01 18 05 01'))]).toEqual([0x13]);
  expect([...decodeIpxeFeatures(bytes('13 01 01 18'))]).toEqual([0x13]);
});

test('nothing from outside makes it throw', () => {
  fc.assert(fc.property(fc.uint8Array(), (raw) => void decodeIpxeFeatures(raw)));
});

test('what Muster sends is a sub-option and an end', () => {
  expect([...NO_PROXY_TO_WAIT_FOR]).toEqual([0xb0, 1, 1, 0xff]);
});
