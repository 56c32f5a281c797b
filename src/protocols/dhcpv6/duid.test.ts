import { expect, test } from 'vitest';
import { isSameDuid, readDuid, uuidDuid } from './duid.ts';

const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));

test.each([
  ['a DUID-LLT of an Ethernet card', '000100012c5d6f00525400123456'],
  ['a DUID-LL of one', '00030001525400123456'],
])('%s tells its MAC address', (_, hex) => {
  expect(readDuid(bytesOf(hex))).toEqual({ kind: 'link-layer', mac: '52:54:00:12:34:56' });
});

test('a DUID-UUID is read as firmware writes it, and as RFC 6355 wants it', () => {
  expect(readDuid(bytesOf('000478563412bc9af0de1122334455667788'))).toEqual({
    kind: 'UUID',
    uuids: ['12345678-9abc-def0-1122-334455667788', '78563412-bc9a-f0de-1122-334455667788'],
  });
});

test.each([
  ['nothing', ''],
  ['one byte', '00'],
  ['an enterprise number', '00020000ab110102'],
  ['another hardware type', '00030020525400123456'],
  ['a link-layer address of another length', '000300015254001234'],
  ['a UUID that is too short', '000478563412'],
  ['a type nobody has assigned', 'ffff525400123456'],
])('%s tells nothing', (_, hex) => expect(readDuid(bytesOf(hex))).toEqual({ kind: 'other' }));

test('a DUID is made of a UUID, and is the same as itself alone', () => {
  const uuid = bytesOf('12345678123456781234567812345678');
  expect(Buffer.from(uuidDuid(uuid)).toString('hex')).toBe('000412345678123456781234567812345678');
  expect(() => uuidDuid(uuid.subarray(1))).toThrow('A UUID has 16 bytes, not 15');
  expect(isSameDuid(uuidDuid(uuid), uuidDuid(Uint8Array.from(uuid)))).toBe(true);
  expect(isSameDuid(uuidDuid(uuid), bytesOf('0004'))).toBe(false);
});
