import type { LittleEndian } from '../../lib/little-endian.ts';

/** What a descriptor is, by the number in its tag: ECMA-167 3/7.2.1 and 4/7.2.1. */
export const TagId = {
  sparingTable: 0, //           UDF 2.01 §2.2.11
  primaryVolume: 1, //          ECMA-167 3/10.1
  anchor: 2, //                 3/10.2
  volumePointer: 3, //          3/10.3
  partition: 5, //              3/10.5
  logicalVolume: 6, //          3/10.6
  terminating: 8, //            3/10.9
  fileSet: 256, //              4/14.1
  fileIdentifier: 257, //       4/14.4
  allocationExtent: 258, //     4/14.5
  indirectEntry: 259, //        4/14.7
  fileEntry: 261, //            4/14.9
  extendedFileEntry: 266, //    4/14.17
} as const;

export const TAG_BYTES = 16;
/** 2 is the version of ECMA-167/2 (up to UDF 1.50), 3 that of ECMA-167/3. */
const VERSIONS: readonly number[] = [2, 3];

/**
 * The number of a descriptor, after its tag was checked (ECMA-167 3/7.2): the sum of the tag, the version, the CRC of
 * what follows, and the block it was written for.
 *
 * @param location the block it was read from; undefined where the tag's own is left alone.
 */
export function decodeTag(fields: LittleEndian, location: number | undefined): number {
  const tag = fields.bytes(0, TAG_BYTES);
  let sum = 0;
  for (const [at, byte] of tag.entries()) if (at !== 4) sum += byte;
  if ((sum & 0xff) !== tag[4]) throw fields.error('The tag of a descriptor has a wrong sum');
  const version = fields.uint16(2);
  if (!VERSIONS.includes(version)) throw fields.error(`A descriptor is of the version ${version}`, 2);
  const crcBytes = fields.uint16(10);
  if (TAG_BYTES + crcBytes > fields.length)
    throw fields.error(`The CRC of a descriptor is said to be of ${crcBytes} bytes`, 10);
  if (crc16(fields.bytes(TAG_BYTES, crcBytes)) !== fields.uint16(8))
    throw fields.error('A descriptor has a wrong CRC', 8);
  const written = fields.uint32(12);
  if (location !== undefined && written !== location)
    throw fields.error(`A descriptor of block ${written} stands in block ${location}`, 12);
  return fields.uint16(0);
}

/** @throws DecodeError when it is another descriptor, or none. */
export function expectTag(fields: LittleEndian, id: number, location: number | undefined): void {
  const found = decodeTag(fields, location);
  if (found !== id) throw fields.error(`A descriptor is of the kind ${found} instead of ${id}`);
}

/** CRC-ITU-T: x^16 + x^12 + x^5 + 1, from zero (ECMA-167 3/7.2.6). */
export function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = ((crc << 8) & 0xffff) ^ (CRC_TABLE[(crc >> 8) ^ byte] ?? 0);
  return crc;
}

const CRC_TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0);
  return crc;
});
