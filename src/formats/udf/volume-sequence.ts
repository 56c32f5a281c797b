import type { ByteSource } from '../../lib/byte-source.ts';
import { DecodeError } from '../../lib/decode-error.ts';
import { decodeSectorExtent, type SectorExtent } from './addresses.ts';
import { LittleEndian } from '../../lib/little-endian.ts';
import { readExactly } from '../../lib/pieces.ts';
import { expectTag, TagId } from './tag.ts';
import {
  decodeVolumeDescriptor,
  type LogicalVolume,
  type PartitionDescriptor,
  type PrimaryVolume,
  type VolumeDescriptor,
} from './volume-descriptors.ts';

/** The descriptors of a disc that hold: of several for one thing, the one that was written last. */
export interface VolumeSequence {
  readonly sectorBytes: number;
  readonly primary: PrimaryVolume | undefined;
  readonly logical: LogicalVolume;
  readonly partitions: ReadonlyMap<number, PartitionDescriptor>;
}

interface Anchor {
  readonly sectorBytes: number;
  readonly main: SectorExtent;
  readonly reserve: SectorExtent;
}

/**
 * Sizes of a sector, the most common first. Nothing tells it but the place of an anchor, whose tag names its sector.
 * Optical discs have 2048; what is formatted as a hard disk has 512 or 4096.
 */
const SECTOR_SIZES = [2048, 512, 4096, 1024] as const;
/** Sectors of one sequence that are looked at; 16 is the least a disc may set aside, and what all seen have. */
const MAX_SEQUENCE_SECTORS = 256;
/** Extents that one sequence goes on in, by volume descriptor pointers. */
const MAX_SEQUENCE_EXTENTS = 8;
const MAX_PARTITIONS = 64;

/** @throws DecodeError when the disc is no UDF, or neither of its two sequences can be used. */
export async function readVolumeSequence(disc: ByteSource): Promise<VolumeSequence> {
  const anchors = await findAnchors(disc);
  if (anchors.length === 0) throw new DecodeError('There is no anchor of UDF on the disc', 0);
  let firstError: DecodeError | undefined;
  for (const { sectorBytes, main, reserve } of anchors) {
    for (const extent of [main, reserve]) {
      try {
        return prevailing(await readDescriptors(disc, sectorBytes, extent), sectorBytes);
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
        firstError ??= error;
      }
    }
  }
  throw firstError ?? new DecodeError('There is no anchor of UDF on the disc', 0);
}

/**
 * An anchor is at two of three places: sector 256, the last and the 256th before it (ECMA-167 3/8.4.2.1, UDF 2.01
 * §2.2.3); a CD-R that is not closed may have its only one at 512 (UDF 1.50 §6.10).
 */
async function findAnchors(disc: ByteSource): Promise<readonly Anchor[]> {
  const anchors: Anchor[] = [];
  for (const sectorBytes of SECTOR_SIZES) {
    const last = Math.floor(disc.size / sectorBytes) - 1;
    for (const sector of new Set([256, last, last - 256, 512])) {
      const anchor = sector > 0 && sector <= last ? await readAnchor(disc, sector, sectorBytes) : undefined;
      if (anchor) anchors.push(anchor);
    }
  }
  return anchors;
}

async function readAnchor(
  disc: ByteSource,
  sector: number,
  sectorBytes: number,
): Promise<Anchor | undefined> {
  const at = sector * sectorBytes;
  const fields = new LittleEndian(await readExactly(disc, at, sectorBytes), at);
  try {
    expectTag(fields, TagId.anchor, sector);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
  return { sectorBytes, main: decodeSectorExtent(fields, 16), reserve: decodeSectorExtent(fields, 24) };
}

/** Up to the terminating descriptor, a sector that was never written, or the end of the extent. */
async function readDescriptors(
  disc: ByteSource,
  sectorBytes: number,
  start: SectorExtent,
): Promise<readonly VolumeDescriptor[]> {
  const found: VolumeDescriptor[] = [];
  let next: SectorExtent | undefined = start;
  for (let extents = 0; next; extents += 1) {
    if (extents === MAX_SEQUENCE_EXTENTS)
      throw new DecodeError(`The volume descriptors go on in more than ${extents} places`, 0);
    const { sector, bytes }: SectorExtent = next;
    next = undefined;
    const sectors = Math.min(Math.floor(bytes / sectorBytes), MAX_SEQUENCE_SECTORS);
    for (let index = 0; index < sectors; index += 1) {
      const at = (sector + index) * sectorBytes;
      const content = await readExactly(disc, at, sectorBytes);
      if (content.every((byte) => byte === 0)) break;
      const descriptor = decodeVolumeDescriptor(new LittleEndian(content, at), sector + index);
      if (descriptor.kind === 'end') break;
      if (descriptor.kind === 'pointer') next = descriptor.next;
      found.push(descriptor);
    }
  }
  return found;
}

/** The prevailing descriptors: those of the highest sequence number (ECMA-167 3/8.4.3). */
function prevailing(descriptors: readonly VolumeDescriptor[], sectorBytes: number): VolumeSequence {
  let primary: PrimaryVolume | undefined;
  let logical: LogicalVolume | undefined;
  const partitions = new Map<number, PartitionDescriptor>();
  for (const descriptor of descriptors) {
    if (descriptor.kind === 'primary') primary = later(primary, descriptor);
    if (descriptor.kind === 'logical') logical = later(logical, descriptor);
    if (descriptor.kind === 'partition')
      partitions.set(descriptor.number, later(partitions.get(descriptor.number), descriptor));
  }
  if (!logical) throw new DecodeError('The disc describes no logical volume', 0);
  if (partitions.size === 0) throw new DecodeError('The disc describes no partition', 0);
  if (partitions.size > MAX_PARTITIONS)
    throw new DecodeError(`The disc has ${partitions.size} partitions`, 0);
  // UDF 2.01 §2.2.4.2 wants it so, and the anchor was found by it.
  if (logical.blockBytes !== sectorBytes)
    throw new DecodeError(
      `The disc has blocks of ${logical.blockBytes} bytes in sectors of ${sectorBytes}`,
      0,
    );
  return { sectorBytes, primary, logical, partitions };
}

function later<D extends { readonly sequenceNumber: number }>(known: D | undefined, other: D): D {
  return known && known.sequenceNumber > other.sequenceNumber ? known : other;
}
