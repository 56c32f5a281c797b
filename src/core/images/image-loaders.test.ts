import { describe, expect, test } from 'vitest';
import { findImageLoaders } from './image-loaders.ts';

const tree = (...files: readonly string[]) => ({
  isFile: (path: string) => Promise.resolve(files.includes(path)),
  text: (path: string) =>
    Promise.resolve(
      files.includes(path) ? 'octet\0blksize\0' : files.includes(`${path} of a disc`) ? 'disc' : undefined,
    ),
});

describe('the signed loaders of an image', () => {
  for (const [what, files, kernel, expected] of [
    [
      'a disc of the Fedora family',
      ['EFI/BOOT/BOOTX64.EFI', 'EFI/BOOT/grubx64.efi'],
      'images/pxeboot/vmlinuz',
      [{ cpu: 'x64', first: 'EFI/BOOT/BOOTX64.EFI', next: 'EFI/BOOT/grubx64.efi' }],
    ],
    [
      'a disc of SUSE, whose GRUB has another name',
      ['EFI/BOOT/bootx64.efi', 'EFI/BOOT/grub.efi'],
      'boot/x86_64/loader/linux',
      [{ cpu: 'x64', first: 'EFI/BOOT/bootx64.efi', next: 'EFI/BOOT/grub.efi' }],
    ],
    [
      'a netboot archive of Debian',
      ['debian-installer/arm64/bootnetaa64.efi', 'debian-installer/arm64/grubaa64.efi'],
      'debian-installer/arm64/linux',
      [
        {
          cpu: 'aa64',
          first: 'debian-installer/arm64/bootnetaa64.efi',
          next: 'debian-installer/arm64/grubaa64.efi',
        },
      ],
    ],
    [
      'a disc of Debian, whose GRUB knows no TFTP',
      ['EFI/BOOT/BOOTX64.EFI', 'EFI/BOOT/grubx64.efi of a disc'],
      'install.amd/vmlinuz',
      [],
    ],
    [
      'a disc that has them in the disk of UEFI alone',
      ['.efi-image/EFI/BOOT/BOOTX64.EFI', '.efi-image/EFI/BOOT/grubx64.efi'],
      'live/vmlinuz',
      [
        {
          cpu: 'x64',
          first: '.efi-image/EFI/BOOT/BOOTX64.EFI',
          next: '.efi-image/EFI/BOOT/grubx64.efi',
        },
      ],
    ],
    [
      'a disc that has in the disk of UEFI a GRUB with TFTP, and in its tree one without',
      [
        'EFI/BOOT/BOOTX64.EFI',
        'EFI/BOOT/grubx64.efi of a disc',
        '.efi-image/EFI/BOOT/BOOTX64.EFI',
        '.efi-image/EFI/BOOT/grubx64.efi',
      ],
      'vmlinuz',
      [
        {
          cpu: 'x64',
          first: '.efi-image/EFI/BOOT/BOOTX64.EFI',
          next: '.efi-image/EFI/BOOT/grubx64.efi',
        },
      ],
    ],
    ['a shim without its GRUB is none', ['EFI/BOOT/BOOTX64.EFI'], 'vmlinuz', []],
    ['a tree without', [], undefined, []],
  ] as const) {
    test(what, async () => expect(await findImageLoaders(tree(...files), kernel)).toEqual(expected));
  }
});
