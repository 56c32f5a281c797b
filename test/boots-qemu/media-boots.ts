import assert from 'node:assert/strict';
import {
  BIOS_GRUB_NEEDS,
  DISC_LOADER_NEEDS,
  HTTP_DISC_NEEDS,
  requireAllOnHost,
} from '../../src/lab/host-programs.ts';
import { fetchUnpacked } from '../../src/lab/unpacked-packages.ts';
import type { BootStage } from './boot-stage.ts';
import { assertEfiDisk } from './efi-disk.ts';
import { playMedia } from './media-installs.ts';
import { uefiMaterial } from './uefi-material.ts';

const KERNEL = '/images/pxeboot/vmlinuz';
const INITRD = '/images/pxeboot/initrd.img';

/** @throws LabRefusal naming what cannot be had. */
export async function mediaMaterial(say: (sentence: string) => void): Promise<void> {
  requireAllOnHost(HTTP_DISC_NEEDS);
  await fetchUnpacked([...Object.values(DISC_LOADER_NEEDS), ...Object.values(BIOS_GRUB_NEEDS)], say);
}

/** @throws LabRefusal naming what cannot be had. */
export async function uefiMediaMaterial(say: (sentence: string) => void): Promise<void> {
  await mediaMaterial(say);
  await uefiMaterial(say);
}

export async function biosMedia(stage: BootStage): Promise<void> {
  await playMedia(stage, {
    firmware: 'bios',
    tree: 'BIOS',
    layout: 'as Debian',
    way: "the disc's own isolinux, kernel and initrd",
    commandLine: new RegExp(`^BOOT_IMAGE=${KERNEL} inst\\.ks=\\S+ .*initrd=${INITRD}`),
  });
}

export async function ovmfMedia(stage: BootStage): Promise<void> {
  const { disk } = await playMedia(stage, {
    firmware: 'uefi',
    tree: 'BIOS and UEFI',
    layout: 'as Debian',
    way: "the disc's own shim, GRUB with boot/grub/grub.cfg, kernel and initrd",
    commandLine: new RegExp(`^BOOT_IMAGE=${KERNEL} inst\\.ks=\\S+ `),
  });
  await assertEfiDisk(disk);
}

/** As the discs of Ubuntu and of Fedora since 37, which have no isolinux any more. */
export async function biosMediaGrub(stage: BootStage): Promise<void> {
  await playMedia(stage, {
    firmware: 'bios',
    tree: 'BIOS',
    layout: 'as Ubuntu',
    way: "the disc's own GRUB with boot/grub/grub.cfg, kernel and initrd",
    commandLine: new RegExp(`^BOOT_IMAGE=${KERNEL} inst\\.ks=\\S+ `),
  });
}

/** Secure Boot looks at programs, and not at what configurations say. */
export async function ovmfMediaSecure(stage: BootStage): Promise<void> {
  const { machine, disk } = await playMedia(stage, {
    firmware: 'uefi-secure-boot',
    tree: 'BIOS and UEFI',
    layout: 'as Fedora',
    way: "the disc's own shim, GRUB with EFI/BOOT/grub.cfg, kernel and initrd",
    commandLine: new RegExp(`^BOOT_IMAGE=${KERNEL} inst\\.ks=\\S+ `),
  });
  assert.ok(
    machine.lines.some(({ text }) => /TINY\S* FIRMWARE UEFI Secure boot enabled/.test(text)),
    'the kernel says that Secure Boot is enforced',
  );
  await assertEfiDisk(disk);
}
