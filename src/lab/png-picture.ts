import { crc32 } from './crc32.ts';
import { deflateSync } from 'node:zlib';

/** A picture of 24-bit colour: rows from the top, three bytes a pixel. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

/** More pixels than any screen here; a header that says more is broken. */
const MAX_SIDE = 16_384;
const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] as const;
const EIGHT_BIT_RGB = [8, 2, 0, 0, 0] as const;

/** Reads a binary PPM (`P6`), which is what QEMU's screendump writes. @throws SyntaxError */
export function decodePpm(bytes: Uint8Array): Picture {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 64)).toString('latin1');
  const found = /^P6\s+(\d{1,5})\s+(\d{1,5})\s+255\s/.exec(head);
  const [whole = '', width, height] = found ?? [];
  const picture = { width: Number(width), height: Number(height), rgb: bytes.subarray(whole.length) };
  if (
    !found ||
    picture.width < 1 ||
    picture.height < 1 ||
    Math.max(picture.width, picture.height) > MAX_SIDE
  ) {
    throw new SyntaxError('This is not a PPM picture (P6, 255 levels)');
  }
  if (picture.rgb.length < picture.width * picture.height * 3) {
    throw new SyntaxError(
      `The PPM picture of ${width} by ${height} pixels ends after ${picture.rgb.length} bytes`,
    );
  }
  return picture;
}

/** A PNG (RFC 2083) of it, with no filter on any row: screens of text are small anyway. */
export function encodePng(picture: Picture): Buffer {
  const { width, height, rgb } = picture;
  const stride = width * 3;
  const rows = Buffer.alloc((stride + 1) * height);
  for (let row = 0; row < height; row += 1) {
    rows.set(rgb.subarray(row * stride, (row + 1) * stride), row * (stride + 1) + 1);
  }
  const header = Buffer.alloc(8);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  return Buffer.concat([
    Buffer.from(PNG_SIGNATURE),
    chunk('IHDR', Buffer.concat([header, Buffer.from(EIGHT_BIT_RGB)])),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
