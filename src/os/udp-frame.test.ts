import { describe, expect, test } from 'vitest';
import * as fc from 'fast-check';
import { ipv4FromNumber, macFromBytes, parseIpv4, parseMac } from '../lib/addresses.ts';
import { DecodeError } from '../lib/decode-error.ts';
import { decodeUdpFrame, encodeUdpFrame, type UdpFrame } from './udp-frame.ts';

const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'));
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const HELLO: UdpFrame = {
  destinationMac: parseMac('52:54:00:12:34:56'),
  sourceMac: parseMac('02:00:00:00:00:01'),
  sourceAddress: parseIpv4('192.168.1.1'),
  destinationAddress: parseIpv4('192.168.1.100'),
  sourcePort: 67,
  destinationPort: 68,
  identification: 0x1234,
  payload: new TextEncoder().encode('hello'),
};

describe('UDP frames', () => {
  test('every byte is where RFC 791 and RFC 768 want it', () => {
    expect(hexOf(encodeUdpFrame(HELLO))).toBe(
      hexOf(
        bytesOf(`
          525400123456 020000000001 0800
          45 00 0021 1234 0000 40 11 e4e2 c0a80101 c0a80164
          0043 0044 000d 37c5 68656c6c6f`),
      ),
    );
  });

  test('a UDP checksum of zero is sent as all ones', () => {
    // This payload makes up for all that is before it, so that the sum is ffff and its complement 0.
    const empty = encodeUdpFrame({ ...HELLO, payload: Uint8Array.of(0, 0) });
    const checksum = empty.slice(40, 42);
    const frame = encodeUdpFrame({ ...HELLO, payload: checksum });
    expect(hexOf(frame.subarray(40, 42))).toBe('ffff');
    expect(hexOf(decodeUdpFrame(frame).payload)).toBe(hexOf(checksum));
  });

  test('what is encoded is decoded again, whatever it holds', () => {
    const mac = fc.uint8Array({ minLength: 6, maxLength: 6 }).map(macFromBytes);
    const address = fc.nat(0xffff_ffff).map(ipv4FromNumber);
    const uint16 = fc.nat(0xffff);
    const frame = fc.record({
      destinationMac: mac,
      sourceMac: mac,
      sourceAddress: address,
      destinationAddress: address,
      sourcePort: uint16,
      destinationPort: uint16,
      identification: uint16,
      payload: fc.uint8Array({ maxLength: 1472 }),
    });
    fc.assert(
      fc.property(frame, (frame) => {
        expect(decodeUdpFrame(encodeUdpFrame(frame))).toEqual(frame);
      }),
    );
  });

  test('padding behind the datagram is not part of it', () => {
    const padded = Uint8Array.from([...encodeUdpFrame(HELLO), ...new Uint8Array(13)]);
    expect(decodeUdpFrame(padded)).toEqual(HELLO);
  });

  test('more than fits in one frame is refused', () => {
    expect(() => encodeUdpFrame({ ...HELLO, payload: new Uint8Array(1473) })).toThrow(/limit is 1472/);
  });

  for (const [what, at, value, message] of [
    ['an ARP frame', 13, 0x06, /not carry IPv4/],
    ['IPv6', 14, 0x65, /not IPv4/],
    ['a damaged IPv4 header', 22, 0x3f, /IPv4 header is wrong/],
    ['a fragment', 20, 0x20, /fragment/],
    ['a damaged payload', 46, 0x00, /UDP checksum is wrong/],
    ['a datagram longer than its packet', 38, 0xff, /bytes were expected/],
  ] as const) {
    test(`${what} is not decoded`, () => {
      const frame = encodeUdpFrame(HELLO);
      frame[at] = value;
      expect(() => decodeUdpFrame(frame)).toThrow(message);
      expect(() => decodeUdpFrame(frame)).toThrow(DecodeError);
    });
  }

  test('bytes at random are decoded or refused with a DecodeError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        try {
          decodeUdpFrame(bytes);
        } catch (error) {
          if (!(error instanceof DecodeError)) throw error;
        }
      }),
    );
  });
});
