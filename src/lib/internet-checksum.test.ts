import { describe, expect, test } from 'vitest';
import { internetChecksum } from './internet-checksum.ts';

const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'));

describe('internetChecksum', () => {
  for (const [source, hex, expected] of [
    // RFC 1071 §3: the sum is ddf2, its complement is sent.
    ['the numbers of RFC 1071 §3', '0001 f203 f4f5 f6f7', 0x220d],
    // A header often shown in textbooks: 192.168.0.1 to 192.168.0.199, UDP, 115 bytes, DF.
    ['a known IPv4 header', '4500 0073 0000 4000 4011 0000 c0a8 0001 c0a8 00c7', 0xb861],
    ['the same header with its checksum', '4500 0073 0000 4000 4011 b861 c0a8 0001 c0a8 00c7', 0],
    ['an odd number of bytes', '01', 0xfeff],
    ['nothing', '', 0xffff],
  ] as const) {
    test(source, () => expect(internetChecksum(bytesOf(hex))).toBe(expected));
  }
});
