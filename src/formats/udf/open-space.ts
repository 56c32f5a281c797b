import type { ByteSource } from '../../lib/byte-source.ts';
import { DecodeError } from '../../lib/decode-error.ts';
import type { BlockAddress } from './addresses.ts';
import { BlockSpace } from './block-space.ts';
import { decodeFileEntry, FileType } from './file-entry.ts';
import { contentOf } from './file-content.ts';
import { LittleEndian } from '../../lib/little-endian.ts';
import {
  filePartition,
  plainPartition,
  sparablePartition,
  virtualPartition,
  type Partition,
} from './partitions.ts';
import { readExactly } from '../../lib/pieces.ts';
import { readVirtualTable } from './virtual-table.ts';
import { expectTag, TagId } from './tag.ts';
import type { MetadataMap, PartitionMap, SparableMap } from './volume-descriptors.ts';
import type { VolumeSequence } from './volume-sequence.ts';

/** A table with all its entries: 16 bits tell how many. */
const MAX_SPARING_TABLE_BYTES = 56 + 0xffff * 8;
/** Packets from here on are not yet used, or bad themselves (UDF 2.01 §2.2.11). */
const FIRST_UNUSED_PACKET = 0xffff_fff0;

/** The partitions that the logical volume names, in its order: the number of a partition is its place there. */
export async function openSpace(disc: ByteSource, sequence: VolumeSequence): Promise<BlockSpace> {
  const { logical, sectorBytes } = sequence;
  const below = new Map<number, Partition>();
  for (const number of sequence.partitions.keys()) below.set(number, await openBelow(disc, sequence, number));
  const partitions: Partition[] = [];
  for (const map of logical.maps) {
    const partition = below.get(map.number);
    if (!partition) throw new DecodeError(`The disc does not describe its partition ${map.number}`, 0);
    partitions.push(await openMapped(disc, map, partition, sequence));
  }
  return new BlockSpace(disc, sectorBytes, partitions);
}

/** What is on the disc itself; a sparable map says of it which packets are elsewhere. */
async function openBelow(disc: ByteSource, sequence: VolumeSequence, number: number): Promise<Partition> {
  const descriptor = sequence.partitions.get(number);
  const { sectorBytes, logical } = sequence;
  const plain = plainPartition(descriptor?.firstSector ?? 0, descriptor?.sectors ?? 0, sectorBytes);
  const map = logical.maps.find(
    (one): one is SparableMap => one.kind === 'sparable' && one.number === number,
  );
  if (!map) return plain;
  return sparablePartition(
    plain,
    map.packetBlocks,
    await readSparingTable(disc, map, sectorBytes),
    sectorBytes,
  );
}

async function openMapped(
  disc: ByteSource,
  map: PartitionMap,
  below: Partition,
  { sectorBytes, partitions }: VolumeSequence,
): Promise<Partition> {
  // Files that describe a partition know one partition alone, the one they are in.
  const space = new BlockSpace(disc, sectorBytes, [below]);
  switch (map.kind) {
    case 'plain':
    case 'sparable':
      return below;
    case 'virtual':
      return virtualPartition(
        below,
        await readVirtualTable(space, partitions.get(map.number)?.firstSector ?? 0),
      );
    case 'metadata':
      return openMetadata(space, map);
    default:
      return map satisfies never;
  }
}

/** @throws DecodeError that says what is wrong with the metadata file, when its mirror is of no use either. */
async function openMetadata(space: BlockSpace, map: MetadataMap): Promise<Partition> {
  try {
    return await openMetadataFile(space, { block: map.mainBlock, partition: 0 });
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    try {
      return await openMetadataFile(space, { block: map.mirrorBlock, partition: 0 });
    } catch (mirrorError) {
      throw mirrorError instanceof DecodeError ? error : mirrorError;
    }
  }
}

async function openMetadataFile(space: BlockSpace, at: BlockAddress): Promise<Partition> {
  const entry = decodeFileEntry(await space.readBlock(at), at);
  if (entry.type !== FileType.metadata && entry.type !== FileType.metadataMirror)
    throw new DecodeError(`A file of the type ${entry.type} stands where the metadata should be`, 0);
  return filePartition(await contentOf(space, at, entry), space.blockBytes);
}

/** Of the copies that can be read, the one written last. @throws DecodeError when none can. */
async function readSparingTable(
  disc: ByteSource,
  { tables, tableBytes }: SparableMap,
  sectorBytes: number,
): Promise<ReadonlyMap<number, number>> {
  let found: { readonly sequence: number; readonly packets: ReadonlyMap<number, number> } | undefined;
  let because: DecodeError | undefined;
  for (const sector of tables) {
    try {
      const length = Math.min(Math.max(tableBytes, sectorBytes), MAX_SPARING_TABLE_BYTES);
      const at = sector * sectorBytes;
      const table = decodeSparingTable(new LittleEndian(await readExactly(disc, at, length), at), sector);
      if (!found || table.sequence > found.sequence) found = table;
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      because ??= error;
    }
  }
  if (!found) throw because ?? new DecodeError('A sparable partition has no sparing table', 0);
  return found.packets;
}

/** UDF 2.01 §2.2.11. */
function decodeSparingTable(
  fields: LittleEndian,
  sector: number,
): { readonly sequence: number; readonly packets: ReadonlyMap<number, number> } {
  expectTag(fields, TagId.sparingTable, sector);
  const packets = new Map<number, number>();
  const count = fields.uint16(48);
  for (let index = 0; index < count; index += 1) {
    const packet = fields.uint32(56 + index * 8);
    if (packet < FIRST_UNUSED_PACKET) packets.set(packet, fields.uint32(60 + index * 8));
  }
  return { sequence: fields.uint32(52), packets };
}
