import assert from 'node:assert/strict';
import { open } from 'node:fs/promises';
import type { BootStage } from './boot-stage.ts';
import { playInstall } from './install-story.ts';

/** Power-on to the installed system with a BIOS, the network first in the boot order all the time. */
export async function biosInstall(stage: BootStage): Promise<void> {
  const { disk } = await playInstall(stage, {
    firmware: 'bios',
    tree: 'BIOS',
    loader: 'pxelinux',
    way: 'DHCP, pxelinux, kernel and initrd over TFTP',
    explained: { chain: 'pxelinux.0, ldlinux.c32, pxelinux.cfg', rule: 'wish' },
  });
  await assertLoaders(stage);
  await assertDisk(disk);
}

async function assertLoaders({ wire }: BootStage): Promise<void> {
  const requests = await wire.packets('udp dst port 69');
  const starts = requests.filter((packet) => packet.includes('"pxelinux.0"')).length;
  assert.equal(starts, 2, 'the ROM fetched its loader once for the installer and once for the disk');
}

/** One active FAT partition with an extlinux boot sector, and boot code before it. */
async function assertDisk(path: string): Promise<void> {
  const file = await open(path, 'r');
  const { buffer: sector } = await file.read(Buffer.alloc(512), 0, 512, 0);
  const { buffer: partition } = await file.read(Buffer.alloc(512), 0, 512, sector.readUInt32LE(454) * 512);
  await file.close();
  assert.equal(sector.readUInt16LE(510), 0xaa55, 'the disk has a boot signature');
  assert.equal(sector[446], 0x80, 'its partition is active');
  assert.equal(sector[450], 0x0c, 'its partition is of FAT32');
  assert.ok(
    sector.subarray(0, 440).some((byte) => byte !== 0),
    'there is boot code in its first sector',
  );
  assert.equal(partition.toString('latin1', 3, 11), 'SYSLINUX', 'extlinux is in its boot sector');
}
