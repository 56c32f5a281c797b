import { expect, test } from 'vitest';
import { parseMac } from '../../lib/addresses.ts';
import { magicPacket } from './magic-packet.ts';

const MAC = parseMac('52:54:00:12:34:56');
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

test('a magic packet is six times FF, sixteen times the MAC address, and the password', () => {
  const plain = `${'ff'.repeat(6)}${'525400123456'.repeat(16)}`;
  expect(hex(magicPacket(MAC))).toBe(plain);
  expect(hex(magicPacket(MAC, Uint8Array.of(1, 2, 3, 4)))).toBe(`${plain}01020304`);
  expect(hex(magicPacket(MAC, Uint8Array.of(1, 2, 3, 4, 5, 6)))).toBe(`${plain}010203040506`);
});

test('a password of another length is refused', () => {
  expect(() => magicPacket(MAC, new Uint8Array(5))).toThrow(
    'Cannot wake with a password of 5 bytes: it has 4 or 6',
  );
});
