import type { KernelArchitecture } from './debian-kernel.ts';
import { ARM64_NEEDS, type HostNeed, SIGNED_LOADER_NEEDS } from './host-programs.ts';
import { findArm64Files, findHostFiles, type ProgramFiles } from './tiny-initrd.ts';

/** What the tree of the tiny distribution is made of for one kind of machine. */
export interface TinyKind {
  /** As the kernel and `.treeinfo` name it. */
  readonly architecture: 'x86_64' | 'aarch64';
  /** As Debian names it. */
  readonly packages: KernelArchitecture;
  /** Files of packages, needed before `programs` is asked. */
  readonly unpacked: readonly HostNeed[];
  /** @throws LabRefusal when one is not there. */
  readonly programs: () => ProgramFiles;
  /** Modules that are loaded at once, and those that only a tree on NFS needs. */
  readonly modules: { readonly early: readonly string[]; readonly nfs: readonly string[] };
  /** What UEFI machines start from their disk, and where trees of the Red Hat family have it. */
  readonly loaders: readonly { readonly path: string; readonly from: HostNeed }[];
}

/** Drivers of the virtual machine and of the file system on its disk. */
const MODULES = {
  early: [
    'virtio_pci',
    'virtio_blk',
    'virtio_net',
    'virtio_rng',
    'af_packet',
    'vfat',
    'nls_cp437',
    'nls_ascii',
    'nls_utf8',
  ],
  // They are a fifth of the initrd, which every other boot does without.
  nfs: [],
} as const;

const X86_64 = {
  architecture: 'x86_64',
  packages: 'amd64',
  unpacked: [],
  programs: findHostFiles,
  modules: MODULES,
} as const;

const KINDS = {
  BIOS: { ...X86_64, loaders: [] },
  'BIOS, with NFS': { ...X86_64, loaders: [], modules: { ...MODULES, nfs: ['nfs', 'nfsv3'] } },
  'BIOS and UEFI': {
    ...X86_64,
    loaders: [
      { path: 'EFI/BOOT/BOOTX64.EFI', from: SIGNED_LOADER_NEEDS.shim },
      { path: 'EFI/BOOT/grubx64.efi', from: SIGNED_LOADER_NEEDS.grub },
    ],
  },
  /** UEFI and U-Boot. */
  arm64: {
    architecture: 'aarch64',
    packages: 'arm64',
    unpacked: [ARM64_NEEDS.busybox],
    programs: findArm64Files,
    modules: MODULES,
    loaders: [
      { path: 'EFI/BOOT/BOOTAA64.EFI', from: ARM64_NEEDS.shim },
      { path: 'EFI/BOOT/grubaa64.efi', from: ARM64_NEEDS.grub },
    ],
  },
} as const satisfies Record<string, TinyKind>;

/** Which machines the installer can make boot from their disk. */
export type TinyFirmware = keyof typeof KINDS;

/** The row with the type of the table, so that all rows can be handled alike. */
export function tinyKind(firmware: TinyFirmware): TinyKind {
  return KINDS[firmware];
}
