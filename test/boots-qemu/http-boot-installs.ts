import assert from 'node:assert/strict';
import type { BootStage } from './boot-stage.ts';
import { assertEfiDisk } from './efi-disk.ts';
import { type InstalledMachine, playInstall, type StoryShape } from './install-story.ts';

/** UEFI HTTP Boot: shim, GRUB, kernel and initrd come as one disk, and not one byte over TFTP. */
export async function ovmfHttpBoot(stage: BootStage): Promise<void> {
  await fromOneDisk(stage, 'uefi');
}

/** The same where the firmware enforces Secure Boot. */
export async function ovmfHttpBootSecure(stage: BootStage): Promise<void> {
  const { machine } = await fromOneDisk(stage, 'uefi-secure-boot');
  const enforced = machine.lines.filter(({ text }) => /TINY\S* FIRMWARE UEFI Secure boot enabled/.test(text));
  assert.equal(enforced.length, 2, 'Secure Boot is enforced for the installer and for the installed system');
}

async function fromOneDisk(stage: BootStage, firmware: StoryShape['firmware']): Promise<InstalledMachine> {
  const installed = await playInstall(stage, {
    firmware,
    tree: 'BIOS and UEFI',
    netBoot: 'HTTP Boot',
    way: 'HTTP Boot of a disk with signed shim, signed GRUB, kernel and initrd',
    explained: {
      chain: 'bootx64.img with shimx64.efi, grubx64.efi, grub.cfg',
      rule: 'firmware table',
    },
  });
  assert.deepEqual(await stage.wire.packets('udp dst port 69'), [], 'nothing was asked for over TFTP');
  const asked = await stage.wire.packets('tcp dst port 8080');
  for (const method of ['HEAD', 'GET']) {
    const times = asked.filter((packet) => packet.includes(`${method} /boot/bootx64.img `)).length;
    assert.equal(times, 2, `the firmware asked with ${method}, for the installer and for the disk`);
  }
  await assertEfiDisk(installed.disk);
  return installed;
}
