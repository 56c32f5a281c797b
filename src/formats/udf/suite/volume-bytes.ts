import { Descriptor, latin1 } from './descriptor-bytes.ts';
import type { UdfPlan } from './udf-plan.ts';

/** Where the partition begins, in sectors. */
export const FIRST_SECTOR = 272;
const MAIN_SECTOR = 96;
const RESERVE_SECTOR = 112;
const INTEGRITY_SECTOR = 128;
const SEQUENCE_SECTORS = 16;
const ANCHOR_SECTOR = 256;
const RECOGNITION_AT = 32_768;

/** The volume around its partition: what tells readers how the disc is divided. */
export function writeVolume(
  plan: UdfPlan,
  blocks: readonly Uint8Array[],
  version: number,
  fileSet: number,
): Uint8Array {
  const { blockBytes } = plan;
  const last = FIRST_SECTOR + blocks.length;
  const image = new Uint8Array((last + 1) * blockBytes);
  const put = (sector: number, bytes: Uint8Array): void => image.set(bytes, sector * blockBytes);
  for (const [index, name] of ['BEA01', version === 3 ? 'NSR03' : 'NSR02', 'TEA01'].entries())
    image.set([0, ...latin1(name), 1], RECOGNITION_AT + index * Math.max(2048, blockBytes));
  for (const start of [MAIN_SECTOR, RESERVE_SECTOR])
    for (const [index, descriptor] of sequence(plan, blocks.length, fileSet).entries()) {
      const [id, filled] = descriptor;
      put(start + index, filled.seal(id, start + index, version));
    }
  put(INTEGRITY_SECTOR, integrity(plan, blocks.length).seal(9, INTEGRITY_SECTOR, version));
  put(INTEGRITY_SECTOR + 1, new Descriptor(512).seal(8, INTEGRITY_SECTOR + 1, version));
  for (const sector of [ANCHOR_SECTOR, last]) put(sector, anchor(blockBytes).seal(2, sector, version));
  for (const [index, block] of blocks.entries()) put(FIRST_SECTOR + index, block);
  return image;
}

function anchor(blockBytes: number): Descriptor {
  return new Descriptor(512)
    .uint32(16, SEQUENCE_SECTORS * blockBytes)
    .uint32(20, MAIN_SECTOR)
    .uint32(24, SEQUENCE_SECTORS * blockBytes)
    .uint32(28, RESERVE_SECTOR);
}

function sequence(plan: UdfPlan, blocks: number, fileSet: number): readonly [id: number, Descriptor][] {
  return [
    [1, primaryVolume()],
    [5, partition(plan, blocks)],
    // One of a lower number, which does not hold any more.
    [5, partition(plan, blocks).uint32(16, 1).uint32(188, 0)],
    [6, logicalVolume(plan, fileSet)],
    [7, new Descriptor(24).uint32(16, 4)],
    [8, new Descriptor(512)],
  ];
}

function primaryVolume(): Descriptor {
  return new Descriptor(512)
    .dstring(24, 32, 'Built')
    .uint16(56, 1)
    .uint16(58, 1)
    .uint16(60, 2)
    .uint16(62, 2)
    .uint32(64, 1)
    .uint32(68, 1)
    .dstring(72, 128, '0123456789ABCDEFBuilt')
    .charset(200)
    .charset(264)
    .timestamp(376)
    .entityId(388, '*Test');
}

function partition({ revision }: UdfPlan, blocks: number): Descriptor {
  return new Descriptor(512)
    .uint32(16, 3)
    .uint16(20, 1)
    .entityId(24, revision >= 0x0200 ? '+NSR03' : '+NSR02')
    .uint32(184, 1)
    .uint32(188, FIRST_SECTOR)
    .uint32(192, blocks)
    .entityId(196, '*Test');
}

function logicalVolume({ revision, blockBytes, metadata }: UdfPlan, fileSet: number): Descriptor {
  const suffix = [revision & 0xff, revision >> 8];
  const maps = metadata === 'none' ? 1 : 2;
  const volume = new Descriptor(512)
    .uint32(16, 2)
    .charset(20)
    .dstring(84, 128, 'Gebaut ä')
    .uint32(212, blockBytes)
    .entityId(216, '*OSTA UDF Compliant', suffix)
    .longAddress(248, 2 * blockBytes, { block: fileSet, partition: maps - 1 })
    .uint32(264, maps === 2 ? 70 : 6)
    .uint32(268, maps)
    .entityId(272, '*Test')
    .uint32(432, 2 * blockBytes)
    .uint32(436, INTEGRITY_SECTOR)
    .put(440, [1, 6, 1, 0, 0, 0]);
  if (maps === 1) return volume;
  return volume
    .put(446, [2, 64])
    .entityId(450, '*UDF Metadata Partition', suffix)
    .uint16(482, 1)
    .uint32(486, 0)
    .uint32(490, 1)
    .uint32(494, 0xffff_ffff)
    .uint32(498, 1)
    .uint16(502, 1)
    .uint8(504, 1);
}

function integrity({ revision, metadata }: UdfPlan, blocks: number): Descriptor {
  const partitions = metadata === 'none' ? 1 : 2;
  const use = 80 + partitions * 8;
  const descriptor = new Descriptor(use + 46)
    .timestamp(16)
    .uint32(28, 1)
    .uint64(40, 1000)
    .uint32(72, partitions)
    .uint32(76, 46)
    .entityId(use, '*Test')
    .uint16(use + 40, revision)
    .uint16(use + 42, revision)
    .uint16(use + 44, revision);
  for (let index = 0; index < partitions; index += 1)
    descriptor.uint32(80 + (partitions + index) * 4, blocks);
  return descriptor;
}
