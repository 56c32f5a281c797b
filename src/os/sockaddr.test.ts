import { endianness } from 'node:os';
import { describe, expect, test } from 'vitest';
import { parseIpv4, parseMac } from '../lib/addresses.ts';
import { filterProgram, int32, packetMembership, sockaddrIn, sockaddrLl, sockaddrUn } from './sockaddr.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
/** The first 16-bit field is in the machine's own order. */
const own16 = (value: string): string =>
  endianness() === 'LE' ? `${value.slice(2)}${value.slice(0, 2)}` : value;

describe('socket addresses', () => {
  test('IPv4: family, port and address in network order, eight zeros', () => {
    expect(hex(sockaddrIn(parseIpv4('192.168.1.2'), 67))).toBe(
      `${own16('0002')}0043c0a801020000000000000000`,
    );
  });

  test('a link-layer address has the length of its address at byte 11', () => {
    const bytes = sockaddrLl(3, 0x86dd, parseMac('52:54:00:12:34:56'));
    expect(bytes.length).toBe(20);
    expect(hex(bytes.subarray(0, 4))).toBe(`${own16('0011')}86dd`);
    expect(hex(bytes.subarray(11))).toBe('065254001234560000');
  });

  test('one to receive from has no address', () => {
    const bytes = sockaddrLl(3, 0x0806);
    expect(hex(bytes.subarray(0, 4))).toBe(`${own16('0011')}0806`);
    expect(hex(bytes.subarray(11))).toBe('000000000000000000');
  });

  test('a multicast group of an interface is 16 bytes with the address at byte 8', () => {
    const bytes = packetMembership(3, parseMac('33:33:00:00:00:02'));
    expect(hex(bytes.subarray(4))).toBe(`${own16('0000')}${own16('0006')}3333000000020000`);
  });

  test('a step of a filter is 8 bytes, with its operand in the order of this machine', () => {
    const bytes = filterProgram([
      [0x15, 1, 2, 0x0001_0000],
      [0x06, 0, 0, 0],
    ]);
    expect(hex(bytes.subarray(0, 4))).toBe(`${own16('0015')}0102`);
    expect(hex(bytes.subarray(4, 8))).toBe(endianness() === 'LE' ? '00000100' : '00010000');
    expect(bytes.length).toBe(16);
  });

  test('a path ends with NUL, an abstract name begins with it', () => {
    expect(hex(sockaddrUn('/run/n').subarray(2))).toBe('2f72756e2f6e00');
    expect(hex(sockaddrUn('@run').subarray(2))).toBe('0072756e');
  });

  test('-1 in four bytes', () => expect(hex(int32(-1))).toBe('ffffffff'));

  for (const [what, make] of [
    ['a port above 65535', () => sockaddrIn(parseIpv4('0.0.0.0'), 65_536)],
    ['a socket path that is too long', () => sockaddrUn(`/${'x'.repeat(107)}`)],
    ['an empty socket path', () => sockaddrUn('@')],
    ['a socket path with NUL', () => sockaddrUn('/run/a\0b')],
  ] as const) {
    test(`${what} is refused before the kernel sees it`, () => expect(make).toThrow(RangeError));
  }
});
