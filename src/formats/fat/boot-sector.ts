import type { LittleEndian } from '../../lib/little-endian.ts';

/** How a FAT volume is laid out, as its boot sector says (Microsoft "FAT: General Overview of On-Disk Format" 1.03). */
export interface FatShape {
  /** Bits of an entry in the allocation table. */
  readonly kind: 12 | 16 | 32;
  /** Of the whole volume. */
  readonly bytes: number;
  readonly clusterBytes: number;
  readonly clusters: number;
  readonly tableAt: number;
  readonly tableBytes: number;
  readonly root: FatRoot;
  /** Where the first cluster is, which has the number 2. */
  readonly dataAt: number;
  /** As the boot sector has it; the root may have another one, which systems prefer. */
  readonly label: string;
}

/** The root has a place of its own, or is a chain of clusters like other folders (FAT32). */
export type FatRoot =
  | { readonly kind: 'area'; readonly at: number; readonly bytes: number }
  | { readonly kind: 'chain'; readonly cluster: number };

/** What a reader needs of the volume to know its shape. */
export const BOOT_SECTOR_BYTES = 512;
export const FIRST_CLUSTER = 2;

const SIGNATURE = 0xaa55;
const SECTOR_SIZES: readonly number[] = [512, 1024, 2048, 4096];
const MAX_SECTORS_PER_CLUSTER = 128;
/** The number of clusters alone tells FAT12 from FAT16. */
const FEWEST_OF_FAT16 = 4_085;
const FEWEST_OF_FAT32 = 65_525;
const ENTRY_BYTES = 32;
const NO_MIRROR = 0x80;

/** @throws DecodeError when no FAT volume begins with these bytes. */
export function decodeBootSector(fields: LittleEndian): FatShape {
  if (fields.uint16(510) !== SIGNATURE) throw fields.error('A boot sector has no signature', 510);
  const sectorBytes = fields.uint16(11);
  const sectorsPerCluster = fields.uint8(13);
  const reserved = fields.uint16(14);
  const tables = fields.uint8(16);
  const rootEntries = fields.uint16(17);
  const sectors = fields.uint16(19) || fields.uint32(32);
  // Only FAT32 has the size of its tables elsewhere: Linux and EDK2 know it by this, and not by its clusters.
  const isFat32 = fields.uint16(22) === 0;
  const tableSectors = isFat32 ? fields.uint32(36) : fields.uint16(22);
  if (!SECTOR_SIZES.includes(sectorBytes))
    throw fields.error(`A boot sector tells of sectors of ${sectorBytes} bytes`, 11);
  if (!isPowerOfTwo(sectorsPerCluster) || sectorsPerCluster > MAX_SECTORS_PER_CLUSTER)
    throw fields.error(`A boot sector tells of clusters of ${sectorsPerCluster} sectors`, 13);
  if (reserved === 0 || tables === 0 || tableSectors === 0)
    throw fields.error(`A boot sector tells of ${tables} tables of ${tableSectors} sectors`, 16);
  const rootAt = reserved + tables * tableSectors;
  const rootSectors = Math.ceil((rootEntries * ENTRY_BYTES) / sectorBytes);
  const dataSectors = sectors - rootAt - rootSectors;
  const counted = Math.floor(dataSectors / sectorsPerCluster);
  if (counted < 1) throw fields.error(`A boot sector tells of a volume of ${sectors} sectors`, 19);
  if (!isFat32 && counted >= FEWEST_OF_FAT32)
    throw fields.error(`A volume of FAT16 is said to have ${counted} clusters`, 22);
  const kind = isFat32 ? 32 : counted < FEWEST_OF_FAT16 ? 12 : 16;
  const tableBytes = tableSectors * sectorBytes;
  return {
    kind,
    bytes: sectors * sectorBytes,
    clusterBytes: sectorsPerCluster * sectorBytes,
    // What has no entry in the table can be in no file.
    clusters: Math.min(counted, Math.floor((tableBytes * 8) / kind) - FIRST_CLUSTER),
    tableAt: reserved * sectorBytes + (isFat32 ? tableInUse(fields, tables) : 0) * tableBytes,
    tableBytes,
    root: isFat32
      ? { kind: 'chain', cluster: fields.uint32(44) }
      : { kind: 'area', at: rootAt * sectorBytes, bytes: rootEntries * ENTRY_BYTES },
    dataAt: (rootAt + rootSectors) * sectorBytes,
    label: labelOf(fields, isFat32 ? 66 : 38),
  };
}

/** The tables are copies of each other, unless FAT32 says that one alone is kept. */
function tableInUse(fields: LittleEndian, tables: number): number {
  const flags = fields.uint16(40);
  const inUse = flags & 0x0f;
  return flags & NO_MIRROR && inUse < tables ? inUse : 0;
}

/** Eleven letters, five bytes behind the mark that says that they are there. */
function labelOf(fields: LittleEndian, markAt: number): string {
  if (fields.uint8(markAt) !== 0x29) return '';
  const text = decodeLabel(fields.bytes(markAt + 5, 11));
  return text === 'NO NAME' ? '' : text;
}

/** Letters of a code page that nothing names, but for those of ASCII. */
export function decodeLabel(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '\uFFFD'))
    .join('')
    .trimEnd();
}

function isPowerOfTwo(value: number): boolean {
  return value > 0 && (value & (value - 1)) === 0;
}
