import {
  decodeLongAddress,
  decodeSectorExtent,
  type BlockAddress,
  type LongAddress,
  type SectorExtent,
} from './addresses.ts';
import type { LittleEndian } from '../../lib/little-endian.ts';
import { decodeTag, TagId } from './tag.ts';
import { decodeDstring, decodeEntityId } from './text.ts';
import { decodeTimestamp } from './timestamp.ts';

/** What tells how a disc is divided: the descriptors of a volume descriptor sequence (ECMA-167 3/10). */
export type VolumeDescriptor =
  | PrimaryVolume
  | PartitionDescriptor
  | LogicalVolume
  | { readonly kind: 'pointer'; readonly sequenceNumber: number; readonly next: SectorExtent }
  | { readonly kind: 'end' }
  | { readonly kind: 'other' };

export interface PrimaryVolume {
  readonly kind: 'primary';
  readonly sequenceNumber: number;
  readonly label: string;
  readonly recordedMs: number | undefined;
}

export interface PartitionDescriptor {
  readonly kind: 'partition';
  readonly sequenceNumber: number;
  readonly number: number;
  readonly firstSector: number;
  readonly sectors: number;
}

export interface LogicalVolume {
  readonly kind: 'logical';
  readonly sequenceNumber: number;
  readonly label: string;
  readonly blockBytes: number;
  /** As it is written: 0x0102 is UDF 1.02. */
  readonly revision: number;
  readonly fileSet: LongAddress;
  readonly maps: readonly PartitionMap[];
}

/** How a partition of the logical volume lies in one of the disc, whose number is `number`. */
export type PartitionMap =
  | { readonly kind: 'plain'; readonly number: number } //      ECMA-167 3/10.7.2
  | { readonly kind: 'virtual'; readonly number: number } //    UDF 2.01 §2.2.8
  | SparableMap
  | MetadataMap;

/** UDF 2.01 §2.2.9: packets that went bad are elsewhere. */
export interface SparableMap {
  readonly kind: 'sparable';
  readonly number: number;
  readonly packetBlocks: number;
  readonly tableBytes: number;
  /** Sectors where copies of the table are. */
  readonly tables: readonly number[];
}

/** UDF 2.50 §2.2.10: what is not content of files lies in a file of its own, and in its mirror. */
export interface MetadataMap {
  readonly kind: 'metadata';
  readonly number: number;
  readonly mainBlock: number;
  readonly mirrorBlock: number;
}

const MAPS_AT = 440;
/** A partition reference has 16 bits; real discs have one to three maps. */
const MAX_MAPS = 64;
const MAX_SPARING_TABLES = 4;
const DOMAIN = '*OSTA UDF Compliant';

/** @throws DecodeError when this is no descriptor, or was not written for that sector. */
export function decodeVolumeDescriptor(fields: LittleEndian, sector: number): VolumeDescriptor {
  switch (decodeTag(fields, sector)) {
    case TagId.primaryVolume:
      return {
        kind: 'primary',
        sequenceNumber: fields.uint32(16),
        label: decodeDstring(fields.bytes(24, 32)),
        recordedMs: decodeTimestamp(fields, 376),
      };
    case TagId.partition:
      return {
        kind: 'partition',
        sequenceNumber: fields.uint32(16),
        number: fields.uint16(22),
        firstSector: fields.uint32(188),
        sectors: fields.uint32(192),
      };
    case TagId.logicalVolume:
      return decodeLogicalVolume(fields);
    case TagId.volumePointer:
      return {
        kind: 'pointer',
        sequenceNumber: fields.uint32(16),
        next: decodeSectorExtent(fields, 20),
      };
    case TagId.terminating:
      return { kind: 'end' };
    default:
      return { kind: 'other' };
  }
}

function decodeLogicalVolume(fields: LittleEndian): LogicalVolume {
  const domain = decodeEntityId(fields.bytes(216, 32));
  if (domain !== DOMAIN)
    throw fields.error(`The logical volume follows ${JSON.stringify(domain)} instead of UDF`, 216);
  return {
    kind: 'logical',
    sequenceNumber: fields.uint32(16),
    label: decodeDstring(fields.bytes(84, 128)),
    blockBytes: fields.uint32(212),
    revision: fields.uint16(240),
    fileSet: decodeLongAddress(fields, 248),
    maps: decodeMaps(fields),
  };
}

function decodeMaps(fields: LittleEndian): readonly PartitionMap[] {
  const count = fields.uint32(268);
  if (count > MAX_MAPS) throw fields.error(`The logical volume has ${count} partitions`, 268);
  const maps: PartitionMap[] = [];
  for (let at = MAPS_AT; maps.length < count; at += fields.uint8(at + 1)) maps.push(decodeMap(fields, at));
  return maps;
}

/** The kinds by their number and length (ECMA-167 3/10.7.1); type 2 tells its own kind by a name. */
function decodeMap(fields: LittleEndian, at: number): PartitionMap {
  const form = `${fields.uint8(at)} of ${fields.uint8(at + 1)} bytes`;
  if (form === '1 of 6 bytes') return { kind: 'plain', number: fields.uint16(at + 4) };
  if (form !== '2 of 64 bytes') throw fields.error(`A partition map is of the type ${form}`, at);
  const number = fields.uint16(at + 38);
  const name = decodeEntityId(fields.bytes(at + 4, 32));
  switch (name) {
    case '*UDF Virtual Partition':
      return { kind: 'virtual', number };
    case '*UDF Sparable Partition':
      return decodeSparableMap(fields, at, number);
    case '*UDF Metadata Partition':
      return {
        kind: 'metadata',
        number,
        mainBlock: fields.uint32(at + 40),
        mirrorBlock: fields.uint32(at + 44),
      };
    default:
      throw fields.error(`A partition map is of the kind ${JSON.stringify(name)}`, at);
  }
}

function decodeSparableMap(fields: LittleEndian, at: number, number: number): SparableMap {
  const packetBlocks = fields.uint16(at + 40);
  const count = fields.uint8(at + 42);
  if (packetBlocks === 0 || count > MAX_SPARING_TABLES)
    throw fields.error(`A sparable partition has packets of ${packetBlocks} blocks and ${count} tables`, at);
  const tables = Array.from({ length: count }, (_, index) => fields.uint32(at + 48 + index * 4));
  return { kind: 'sparable', number, packetBlocks, tableBytes: fields.uint32(at + 44), tables };
}

/** A tree of files in a logical volume (ECMA-167 4/14.1). */
export interface FileSet {
  readonly number: number;
  readonly root: BlockAddress;
  /** Where another set follows; no bytes for none. */
  readonly next: LongAddress;
}

/** After its tag was checked. */
export function decodeFileSet(fields: LittleEndian): FileSet {
  return {
    number: fields.uint32(44),
    root: decodeLongAddress(fields, 400),
    next: decodeLongAddress(fields, 448),
  };
}
