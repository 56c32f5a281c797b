import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';

/**
 * A disk that somebody else installed, as far as a BIOS can tell: its first sector prints a line on the serial
 * port and switches the machine off. The rest is a partition with a pattern in it, to be found unchanged.
 */

export const OWN_DISK_MARKER = 'OWN-DISK-BOOTS';

const SECTOR_BYTES = 512;
const DISK_SECTORS = 65_536;
const PARTITION_FIRST_SECTOR = 2_048;
/** Where a BIOS puts the first sector, and where the partition table stands in it. */
const LOAD_ADDRESS = 0x7c00;
const PARTITION_TABLE_OFFSET = 446;

/** 16-bit x86. The text's address is put in where `TEXT` stands. */
const TEXT = [0, 0] as const;
const CODE: readonly (readonly number[])[] = [
  [0x31, 0xc0], //             xor ax, ax
  [0x8e, 0xd8], //             mov ds, ax
  [0xfc], //                   cld
  [0xbe, ...TEXT], //          mov si, text
  [0xac], //             next: lodsb
  [0x84, 0xc0], //             test al, al
  [0x74, 0x12], //             jz off
  [0x88, 0xc4], //             mov ah, al
  [0xba, 0xfd, 0x03], //       mov dx, 0x3fd       ; line status of COM1
  [0xec], //             wait: in al, dx
  [0xa8, 0x20], //             test al, 0x20       ; room for a byte?
  [0x74, 0xfb], //             jz wait
  [0xba, 0xf8, 0x03], //       mov dx, 0x3f8       ; data of COM1
  [0x88, 0xe0], //             mov al, ah
  [0xee], //                   out dx, al
  [0xeb, 0xe9], //             jmp next
  [0xba, 0x04, 0x06], //  off: mov dx, 0x604       ; PM1a_CNT of QEMU's machine "pc"
  [0xb8, 0x00, 0x20], //       mov ax, 0x2000      ; SLP_EN, soft off
  [0xef], //                   out dx, ax
  [0xf4], //                   hlt
  [0xeb, 0xfd], //             jmp $-1
];

/** The first sector: code, text, one active partition, signature. */
export function markerSector(): Buffer {
  const code = Buffer.from(CODE.flat());
  const text = Buffer.from(`${OWN_DISK_MARKER}\r\n\0`);
  code.writeUInt16LE(LOAD_ADDRESS + code.length, code.indexOf(0xbe) + 1);
  const sector = Buffer.alloc(SECTOR_BYTES);
  code.copy(sector);
  text.copy(sector, code.length);
  sector[PARTITION_TABLE_OFFSET] = 0x80;
  sector[PARTITION_TABLE_OFFSET + 4] = 0x83;
  sector.writeUInt32LE(PARTITION_FIRST_SECTOR, PARTITION_TABLE_OFFSET + 8);
  sector.writeUInt32LE(DISK_SECTORS - PARTITION_FIRST_SECTOR, PARTITION_TABLE_OFFSET + 12);
  sector.writeUInt16LE(0xaa55, SECTOR_BYTES - 2);
  return sector;
}

export async function makeMarkerDisk(path: string): Promise<void> {
  const pattern = Buffer.alloc(SECTOR_BYTES * 128, 'data of somebody that must stay as it is. ');
  const file = await open(path, 'wx');
  await file.truncate(DISK_SECTORS * SECTOR_BYTES);
  await file.write(markerSector(), 0, SECTOR_BYTES, 0);
  await file.write(pattern, 0, pattern.length, PARTITION_FIRST_SECTOR * SECTOR_BYTES);
  await file.close();
}

/** Lower-case hex. */
export async function sha256OfFile(path: string): Promise<string> {
  const digest = createHash('sha256');
  for await (const bytes of createReadStream(path)) digest.update(bytes as Buffer);
  return digest.digest('hex');
}
