import type { Cpu } from './firmware.ts';
import type { LoaderName } from './loaders.ts';

/**
 * A disk that UEFI HTTP Boot loads into memory as a whole and boots from (UEFI 2.10 §24.7.3.1), put together for the
 * machine that asks: a signed shim, its GRUB, its configuration, kernel and initrds. GRUB reads all of them from that
 * disk, so it needs no network, which a signed GRUB 2.06 does not have after HTTP Boot; and since everything that runs
 * is signed, it boots with Secure Boot too.
 */
export interface BootDiskRow {
  /** As firmware asks for it below `/boot/`; by its ending it takes it for a disk. */
  readonly name: string;
  readonly cpu: Cpu;
  readonly shim: LoaderName;
  readonly grub: LoaderName;
  /** Where firmware looks on any disk (UEFI 2.10 §3.5.1.1). */
  readonly shimPath: string;
}

export const BOOT_DISKS = [
  {
    name: 'bootx64.img',
    cpu: 'x64',
    shim: 'shimx64.efi',
    grub: 'grubx64.efi',
    shimPath: 'EFI/BOOT/BOOTX64.EFI',
  },
  {
    name: 'bootaa64.img',
    cpu: 'aa64',
    shim: 'shimaa64.efi',
    grub: 'grubaa64.efi',
    shimPath: 'EFI/BOOT/BOOTAA64.EFI',
  },
] as const satisfies readonly BootDiskRow[];

export type BootDiskName = (typeof BOOT_DISKS)[number]['name'];

export function bootDiskNamed(name: string): (typeof BOOT_DISKS)[number] | undefined {
  return BOOT_DISKS.find((disk) => disk.name === name);
}

/** The volume's name, for people who look into the disks of their firmware's menu. */
export const BOOT_DISK_LABEL = 'MUSTER';

/** Names at the top of the disk. */
export const DISK_KERNEL = 'kernel';
export const diskInitrd = (index: number): string => `initrd${index}`;

/** GRUB's configuration, wherever its maker baked in that it is: `prefix` of the signed GRUBs of each family. */
const CONFIG_FOLDERS: readonly string[] = [
  'grub', //                            Debian and Ubuntu: grubnetx64.efi.signed
  'boot/grub',
  'boot/grub2',
  'EFI/BOOT', //                        Fedora family and SUSE: beside the loader
  ...['amd64', 'arm64'].flatMap((cpu) => [
    `debian-installer/${cpu}/grub`, //  grubnetx64-installer.efi.signed
    `ubuntu-installer/${cpu}/grub`,
  ]),
  ...['debian', 'ubuntu', 'fedora', 'redhat', 'centos', 'rocky', 'almalinux', 'opensuse', 'sles'].map(
    (system) => `EFI/${system}`,
  ),
];

export const DISK_CONFIGS: readonly string[] = CONFIG_FOLDERS.map((folder) => `${folder}/grub.cfg`);

/** Beside shim, by the name that shim has baked in: SUSE's is `grub.efi`. */
export function diskGrubPath(grub: string): string {
  return `EFI/BOOT/${grub.slice(grub.lastIndexOf('/') + 1)}`;
}
