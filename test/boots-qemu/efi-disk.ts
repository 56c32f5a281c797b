import assert from 'node:assert/strict';
import { open } from 'node:fs/promises';

const SECTOR_BYTES = 512;
/** Where the first entry of a partition table is, and its fields (UEFI 2.10 §5.2.1). */
const PARTITION_ENTRY = 446;
const TYPE = PARTITION_ENTRY + 4;
const FIRST_SECTOR = PARTITION_ENTRY + 8;
/** UEFI 2.10 §5.2.2. */
const EFI_SYSTEM_PARTITION = 0xef;
/** The name of its own kind that a FAT32 file system has in its first sector. */
const FAT_KIND = 82;

/** A disk that UEFI firmware starts: its first partition is a system partition of UEFI, with FAT32 in it. */
export async function assertEfiDisk(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    const { buffer: sector } = await file.read(Buffer.alloc(SECTOR_BYTES), 0, SECTOR_BYTES, 0);
    assert.equal(sector.readUInt16LE(SECTOR_BYTES - 2), 0xaa55, 'the disk has a partition table');
    assert.equal(sector[TYPE], EFI_SYSTEM_PARTITION, 'its partition is a system partition of UEFI');
    const at = sector.readUInt32LE(FIRST_SECTOR) * SECTOR_BYTES;
    const { buffer: partition } = await file.read(Buffer.alloc(SECTOR_BYTES), 0, SECTOR_BYTES, at);
    assert.equal(partition.toString('latin1', FAT_KIND, FAT_KIND + 5), 'FAT32', 'a FAT32 is in it');
  } finally {
    await file.close();
  }
}
