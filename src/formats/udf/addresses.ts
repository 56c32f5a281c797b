import type { LittleEndian } from '../../lib/little-endian.ts';

/** Where a block is: its number in a partition, and the number of that in the logical volume (ECMA-167 4/7.1). */
export interface BlockAddress {
  readonly block: number;
  readonly partition: number;
}

/** Blocks from a place on, told in bytes. */
export interface LongAddress extends BlockAddress {
  readonly bytes: number;
}

/** Sectors of the disc itself (ECMA-167 3/7.1). */
export interface SectorExtent {
  readonly bytes: number;
  readonly sector: number;
}

/** The two bits above a length say whether it is recorded; see `allocation-descriptors.ts`. */
export const LENGTH_MASK = 0x3fff_ffff;

/** A `long_ad` (ECMA-167 4/14.14.2). */
export function decodeLongAddress(fields: LittleEndian, at: number): LongAddress {
  return {
    bytes: fields.uint32(at) & LENGTH_MASK,
    block: fields.uint32(at + 4),
    partition: fields.uint16(at + 8),
  };
}

export function decodeSectorExtent(fields: LittleEndian, at: number): SectorExtent {
  return { bytes: fields.uint32(at), sector: fields.uint32(at + 4) };
}
