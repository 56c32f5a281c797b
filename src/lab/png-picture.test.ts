import { inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { crc32 } from './crc32.ts';
import { decodePpm, encodePng } from './png-picture.ts';

const pixels = Uint8Array.from([255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9]);
const ppm = Buffer.concat([Buffer.from('P6\n2 2\n255\n'), pixels]);

test('crc32 gives the check value of the catalogue', () => {
  expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926);
});

describe('decodePpm', () => {
  test('reads size and pixels', () => {
    const picture = decodePpm(ppm);
    expect([picture.width, picture.height]).toEqual([2, 2]);
    expect([...picture.rgb]).toEqual([...pixels]);
  });
  for (const [what, bytes] of [
    ['another format', Buffer.from('P5\n2 2\n255\n0000')],
    ['a size of nothing', Buffer.from('P6\n0 2\n255\n')],
    ['a picture cut short', ppm.subarray(0, -1)],
    ['nothing', Buffer.alloc(0)],
  ] as const) {
    test(`refuses ${what}`, () => expect(() => decodePpm(bytes)).toThrow(SyntaxError));
  }
});

test('encodePng writes signature, header and rows that inflate to the pixels', () => {
  const png = encodePng(decodePpm(ppm));
  expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  expect(png.toString('latin1', 12, 16)).toBe('IHDR');
  expect([png.readUInt32BE(16), png.readUInt32BE(20), png[24], png[25]]).toEqual([2, 2, 8, 2]);
  const length = png.readUInt32BE(33);
  expect(png.toString('latin1', 37, 41)).toBe('IDAT');
  const rows = inflateSync(png.subarray(41, 41 + length));
  expect([...rows]).toEqual([0, ...pixels.subarray(0, 6), 0, ...pixels.subarray(6)]);
  expect(png.readUInt32BE(41 + length)).toBe(crc32(png.subarray(37, 41 + length)));
  expect(png.toString('latin1', png.length - 8, png.length - 4)).toBe('IEND');
});
