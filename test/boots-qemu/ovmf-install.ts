import assert from 'node:assert/strict';
import type { BootStage } from './boot-stage.ts';
import { assertEfiDisk } from './efi-disk.ts';
import { playInstall } from './install-story.ts';

/** Power-on to the installed system with UEFI, the network first in the boot order all the time. */
export async function ovmfInstall(stage: BootStage): Promise<void> {
  const { machine, disk } = await playInstall(stage, {
    firmware: 'uefi',
    tree: 'BIOS and UEFI',
    way: 'PXE, shim, GRUB, kernel and initrd',
    explained: { chain: 'shimx64.efi, grubx64.efi, grub.cfg', rule: 'firmware table' },
  });
  assert.ok(
    machine.lines.some(({ text }) => /TINY\S* FIRMWARE UEFI /.test(text)),
    'the installer was started by UEFI',
  );
  await assertEfiLoaders(stage);
  await assertEfiDisk(disk);
}

/** What shim and GRUB are seen to ask for, by their own names, at both starts. */
export async function assertEfiLoaders({ wire }: BootStage, cpu: 'x64' | 'aa64' = 'x64'): Promise<void> {
  const requests = await wire.packets('udp dst port 69');
  for (const [what, name] of [
    ['shim fetched GRUB', new RegExp(`grub${cpu}\\.efi"`)],
    ['GRUB fetched its words', /grub\.cfg/],
  ] as const) {
    const asked = requests.filter((packet) => name.test(packet)).length;
    assert.ok(asked >= 2, `${what} for the installer and for the disk`);
  }
}
