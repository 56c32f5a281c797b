import { DecodeError } from '../../lib/decode-error.ts';
import { decodeRecord, SECTOR_BYTES } from './directory-record.ts';
import type { DiscFields } from './disc-fields.ts';
import type { DiscPieces } from './disc-pieces.ts';
import type { PathTablePlace } from './path-table.ts';
import { longTime } from './recorded-time.ts';

/** What stands at the beginning of a disc and says where everything else is: ECMA-119 §8. */

/** A tree of directories, as a primary or supplementary descriptor names it: ECMA-119 §8.4, §8.5. */
export interface VolumeDescriptor {
  readonly identifier: string;
  /** Of a logical block, in which all places are counted. */
  readonly blockBytes: number;
  /** Blocks of the whole volume. */
  readonly blocks: number;
  readonly volumeNumber: number;
  readonly volumesInSet: number;
  /** The first block of the root directory. */
  readonly rootBlock: number;
  readonly pathTable: PathTablePlace;
  readonly createdMs: number | undefined;
}

export interface VolumeDescriptors {
  readonly primary: VolumeDescriptor;
  /** The same files with names in UCS-2. */
  readonly joliet: VolumeDescriptor | undefined;
  /** The same files with names of up to 207 letters of any kind (ECMA-119 4th edition, "level 4"). */
  readonly enhanced: VolumeDescriptor | undefined;
  /** Where the boot catalogue is, in bytes (El Torito 1.0, figure 7). */
  readonly bootCatalogAt: number | undefined;
}

/** The sectors before belong to the system: partition tables, boot loaders (ECMA-119 §6.2.1). */
const FIRST_SECTOR = 16;
/** Far more than any disc has; the last one of a disc says that it is. */
const MAX_DESCRIPTORS = 64;
/** ECMA-119 §8.1.1. */
const Kind = { boot: 0, primary: 1, supplementary: 2, end: 255 } as const;
const STANDARD = 'CD001';
const ENHANCED_VERSION = 2;
const EL_TORITO = 'EL TORITO SPECIFICATION';
/** Joliet: UCS-2 of level 1, 2 and 3 in the field of escape sequences. */
const JOLIET_SEQUENCES: ReadonlySet<string> = new Set(['%/@', '%/C', '%/E']);
/** ECMA-119 §6.2.2: powers of two, and no larger than a sector. */
const BLOCK_SIZES: ReadonlySet<number> = new Set([512, 1024, 2048]);
const ROOT_RECORD = { at: 156, bytes: 34 } as const;

/** @throws DecodeError for what is no disc of ISO 9660. */
export async function readVolumeDescriptors(pieces: DiscPieces): Promise<VolumeDescriptors> {
  let primary: VolumeDescriptor | undefined;
  let joliet: VolumeDescriptor | undefined;
  let enhanced: VolumeDescriptor | undefined;
  let bootCatalogAt: number | undefined;
  for (let index = 0; index < MAX_DESCRIPTORS; index += 1) {
    const at = (FIRST_SECTOR + index) * SECTOR_BYTES;
    if (at + SECTOR_BYTES > pieces.size) break;
    const fields = await pieces.read(at, SECTOR_BYTES);
    if (fields.text(1, STANDARD.length) !== STANDARD) break;
    const kind = fields.uint8(0);
    if (kind === Kind.end) break;
    if (kind === Kind.primary) primary ??= decodeVolume(fields);
    if (kind === Kind.boot && fields.text(7, EL_TORITO.length) === EL_TORITO)
      bootCatalogAt ??= fields.uint32(0x47) * SECTOR_BYTES;
    // A second tree that is broken is one that is not there.
    if (kind === Kind.supplementary && isJoliet(fields)) joliet ??= decodedOrNothing(fields);
    else if (kind === Kind.supplementary && fields.uint8(6) === ENHANCED_VERSION)
      enhanced ??= decodedOrNothing(fields);
  }
  if (primary === undefined)
    throw new DecodeError(
      'This is no disc of ISO 9660: it has no primary volume descriptor',
      FIRST_SECTOR * SECTOR_BYTES,
    );
  return { primary, joliet, enhanced, bootCatalogAt };
}

function isJoliet(fields: DiscFields): boolean {
  return JOLIET_SEQUENCES.has(fields.text(88, 3));
}

function decodedOrNothing(fields: DiscFields): VolumeDescriptor | undefined {
  try {
    return decodeVolume(fields);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

function decodeVolume(fields: DiscFields): VolumeDescriptor {
  const blockBytes = fields.uint16(128);
  if (!BLOCK_SIZES.has(blockBytes))
    throw new DecodeError(
      `The disc has blocks of ${blockBytes} bytes (${fields.uint16Big(130)} in the other byte order)`,
      fields.base + 128,
    );
  const root = decodeRecord(fields, ROOT_RECORD.at, ROOT_RECORD.at + ROOT_RECORD.bytes);
  return {
    identifier: fields.text(40, 32).split('\0', 1)[0]?.trimEnd() ?? '',
    blockBytes,
    blocks: fields.uint32(80),
    volumesInSet: fields.uint16(120),
    volumeNumber: fields.uint16(124),
    rootBlock: root.block,
    pathTable: { offset: fields.uint32(140) * blockBytes, bytes: fields.uint32(132) },
    createdMs: longTime(fields, 813),
  };
}
