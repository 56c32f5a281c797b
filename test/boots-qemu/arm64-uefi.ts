import assert from 'node:assert/strict';
import type { BootStage } from './boot-stage.ts';
import { assertEfiDisk } from './efi-disk.ts';
import { playInstall } from './install-story.ts';
import { assertEfiLoaders } from './ovmf-install.ts';

/** Power-on to the installed system on arm64 with UEFI, the network first in the boot order all the time. */
export async function arm64Uefi(stage: BootStage): Promise<void> {
  const { machine, disk } = await playInstall(stage, {
    firmware: 'arm64-uefi',
    tree: 'arm64',
    serial: 'ttyAMA0',
    way: 'PXE, shim, GRUB, kernel and initrd of arm64',
    explained: { chain: 'shimaa64.efi, grubaa64.efi, grub.cfg', rule: 'firmware table' },
  });
  assert.ok(
    machine.lines.some(({ text }) => /TINY\S* FIRMWARE UEFI /.test(text)),
    'the installer was started by UEFI',
  );
  await assertEfiLoaders(stage, 'aa64');
  await assertEfiDisk(disk);
}
