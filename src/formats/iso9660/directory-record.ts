import { DecodeError } from '../../lib/decode-error.ts';
import type { DiscFields } from './disc-fields.ts';

/** One record of a directory: ECMA-119 §9.1. */
export interface DirectoryRecord {
  /** Of the record itself, in bytes. */
  readonly length: number;
  /** The first logical block of its data, behind the extended attribute record if there is one. */
  readonly block: number;
  readonly dataBytes: number;
  readonly flags: number;
  /** Whether its data lies in units with gaps between (ECMA-119 §6.4.3). */
  readonly isInterleaved: boolean;
  /** Of the disc of a set that its data is on. */
  readonly volumeNumber: number;
  /** Where these are in the fields that it was read from. */
  readonly at: number;
  readonly timeAt: number;
  readonly nameAt: number;
  readonly nameBytes: number;
  readonly systemUseAt: number;
  readonly end: number;
}

/** ECMA-119 §9.1.6. */
export const RecordFlag = { hidden: 0x01, folder: 0x02, associated: 0x04, notTheLast: 0x80 } as const;

/** Records do not go from one logical sector into the next (ECMA-119 §6.8.1.1). */
export const SECTOR_BYTES = 2048;
/** Up to the name, and with the shortest name. */
const HEAD_BYTES = 33;
const LEAST_BYTES = HEAD_BYTES + 1;

/**
 * @param end where the sector or the directory ends, in the fields; the record must do so before.
 * @throws DecodeError for a record that is shorter than its own fields or longer than its sector.
 */
export function decodeRecord(fields: DiscFields, at: number, end: number): DirectoryRecord {
  const length = fields.uint8(at);
  if (length < LEAST_BYTES || at + length > end)
    throw new DecodeError(`A directory record has ${length} bytes`, fields.base + at);
  const nameBytes = fields.uint8(at + 32);
  // After a name of an even number of bytes stands one that is not used (ECMA-119 §9.1.12).
  const systemUseAt = at + HEAD_BYTES + nameBytes + (nameBytes % 2 === 0 ? 1 : 0);
  if (nameBytes === 0 || HEAD_BYTES + nameBytes > length)
    throw new DecodeError(`A directory record has a name of ${nameBytes} bytes`, fields.base + at);
  return {
    length,
    at,
    block: fields.uint32(at + 2) + fields.uint8(at + 1),
    dataBytes: fields.uint32(at + 10),
    flags: fields.uint8(at + 25),
    isInterleaved: fields.uint8(at + 26) !== 0 || fields.uint8(at + 27) !== 0,
    volumeNumber: fields.uint16(at + 28),
    timeAt: at + 18,
    nameAt: at + HEAD_BYTES,
    nameBytes,
    systemUseAt,
    end: at + length,
  };
}

/** The folder itself and the one it is in have names of one byte (ECMA-119 §6.8.2.2). */
export function isSpecial(fields: DiscFields, record: DirectoryRecord, which: 'itself' | 'parent'): boolean {
  return record.nameBytes === 1 && fields.uint8(record.nameAt) === (which === 'itself' ? 0 : 1);
}

/** Where the logical sector ends that a place of the disc is in. */
export function sectorEnd(offset: number): number {
  return offset - (offset % SECTOR_BYTES) + SECTOR_BYTES;
}
