import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { LabRefusal } from './lab-refusal.ts';

/** One thing the lab needs from the computer it runs on: it is there when one of the places is. */
export interface HostNeed {
  readonly name: string;
  /** Absolute paths, or bare names that are looked up in PATH. */
  readonly places: readonly string[];
  /** The Debian package that brings it; `NAME:arm64` is one of that architecture. */
  readonly debianPackage: string;
}

/** For a private network and a virtual machine in it. */
export const MACHINE_NEEDS = [
  need('unshare and setpriv', ['setpriv'], 'util-linux'),
  need('ip', ['ip'], 'iproute2'),
  need('mount', ['mount'], 'mount'),
  need('the QEMU emulator', ['qemu-system-x86_64'], 'qemu-system-x86'),
  need('SeaBIOS', ['/usr/share/seabios/bios-256k.bin', '/usr/share/qemu/bios-256k.bin'], 'seabios'),
  need(
    'the iPXE boot ROM of QEMU',
    ['/usr/lib/ipxe/qemu/efi-virtio.rom', '/usr/share/qemu/efi-virtio.rom'],
    'ipxe-qemu',
  ),
] as const satisfies readonly HostNeed[];

/** For building the tiny distribution. */
export const DISTRIBUTION_NEEDS = [
  need('busybox', ['busybox'], 'busybox'),
  need('extlinux', ['extlinux'], 'extlinux'),
  need(
    'the boot code for the first sector (mbr.bin)',
    ['/usr/lib/EXTLINUX/mbr.bin', '/usr/lib/syslinux/mbr/mbr.bin', '/usr/share/syslinux/mbr.bin'],
    'extlinux',
  ),
  need('ldd', ['ldd'], 'libc-bin'),
] as const satisfies readonly HostNeed[];

/** For fetching the kernel the tiny distribution is made of; not needed once it is built. */
export const DOWNLOAD_NEEDS = [
  need('apt-get', ['apt-get'], 'apt'),
  need('apt-cache', ['apt-cache'], 'apt'),
  need('dpkg-deb', ['dpkg-deb'], 'dpkg'),
] as const satisfies readonly HostNeed[];

/** For machines with UEFI: images of its code, and of the variables that go with it. */
export const UEFI_NEEDS = {
  code: need('the UEFI firmware OVMF', ['/usr/share/OVMF/OVMF_CODE_4M.fd'], 'ovmf'),
  variables: need('the variables of OVMF', ['/usr/share/OVMF/OVMF_VARS_4M.fd'], 'ovmf'),
  secureCode: need(
    'the UEFI firmware OVMF with Secure Boot',
    ['/usr/share/OVMF/OVMF_CODE_4M.ms.fd', '/usr/share/OVMF/OVMF_CODE_4M.secboot.fd'],
    'ovmf',
  ),
  secureVariables: need(
    "the variables of OVMF with Microsoft's keys",
    ['/usr/share/OVMF/OVMF_VARS_4M.ms.fd'],
    'ovmf',
  ),
} as const satisfies Record<string, HostNeed>;

/** Boot loaders that Secure Boot accepts; for installing the tiny distribution on machines with UEFI. */
export const SIGNED_LOADER_NEEDS = {
  shim: need('the signed boot loader shim', ['/usr/lib/shim/shimx64.efi.signed'], 'shim-signed'),
  grub: need(
    'the signed GRUB for disks',
    ['/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed'],
    'grub-efi-amd64-signed',
  ),
  netGrub: need(
    'the signed GRUB for the network',
    ['/usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed'],
    'grub-efi-amd64-signed',
  ),
} as const satisfies Record<string, HostNeed>;

/**
 * For arm64 machines on a computer of another architecture. A package behind a colon is one of that architecture, and
 * is only unpacked.
 */
export const ARM64_NEEDS = {
  emulator: need('the QEMU emulator for arm64', ['/usr/bin/qemu-system-aarch64'], 'qemu-system-arm'),
  code: need('the UEFI firmware AAVMF', ['/usr/share/AAVMF/AAVMF_CODE.fd'], 'qemu-efi-aarch64'),
  variables: need('the variables of AAVMF', ['/usr/share/AAVMF/AAVMF_VARS.fd'], 'qemu-efi-aarch64'),
  uboot: need('U-Boot for QEMU', ['/usr/lib/u-boot/qemu_arm64/u-boot.bin'], 'u-boot-qemu'),
  shim: need('shim for arm64', ['/usr/lib/shim/shimaa64.efi.signed'], 'shim-signed:arm64'),
  grub: need(
    'GRUB for disks of arm64',
    ['/usr/lib/grub/arm64-efi-signed/grubaa64.efi.signed'],
    'grub-efi-arm64-signed:arm64',
  ),
  busybox: need('busybox for arm64', ['/bin/busybox', '/usr/bin/busybox'], 'busybox-static:arm64'),
} as const satisfies Record<string, HostNeed>;

/** For making disc images. */
export const DISC_NEEDS = {
  xorriso: need('xorriso', ['xorriso'], 'xorriso'),
  mtools: need('mtools', ['mformat'], 'mtools'),
} as const satisfies Record<string, HostNeed>;

/** For reading a disc over HTTP as a BMC does. */
export const HTTP_DISC_NEEDS = [
  need(
    "QEMU's way of reading discs over HTTP",
    ['/usr/lib/x86_64-linux-gnu/qemu/block-curl.so', '/usr/lib/qemu/block-curl.so'],
    'qemu-block-extra',
  ),
] as const satisfies readonly HostNeed[];

/** Boot loaders of discs, which a BIOS and UEFI start. */
export const DISC_LOADER_NEEDS = {
  isolinux: need('isolinux', ['/usr/lib/ISOLINUX/isolinux.bin'], 'isolinux'),
  isolinuxModule: need(
    'the module of isolinux',
    ['/usr/lib/syslinux/modules/bios/ldlinux.c32'],
    'syslinux-common',
  ),
  shim: SIGNED_LOADER_NEEDS.shim,
  grub: need(
    'the signed GRUB for discs',
    ['/usr/lib/grub/x86_64-efi-signed/gcdx64.efi.signed'],
    'grub-efi-amd64-signed',
  ),
} as const satisfies Record<string, HostNeed>;

/** For making the GRUB of a disc that a BIOS starts; only unpacked, for installed it brings a service. */
export const BIOS_GRUB_NEEDS = {
  mkimage: need('grub-mkimage', ['/usr/bin/grub-mkimage'], 'grub-common'),
  cdBoot: need('GRUB for a BIOS', ['/usr/lib/grub/i386-pc/cdboot.img'], 'grub-pc-bin'),
} as const satisfies Record<string, HostNeed>;

/** What Debian's live discs are made of; only unpacked, for initramfs-tools would make this computer's own initrd anew. */
export const LIVE_NEEDS = {
  liveBoot: need(
    'live-boot',
    ['/lib/live/boot/9990-main.sh', '/usr/lib/live/boot/9990-main.sh'],
    'live-boot',
  ),
  liveScript: need(
    "live-boot's part of an initramfs",
    ['/usr/share/initramfs-tools/scripts/live'],
    'live-boot-initramfs-tools',
  ),
  initramfs: need('initramfs-tools', ['/usr/share/initramfs-tools/init'], 'initramfs-tools-core'),
  klibc: need('the programs of klibc', ['/usr/lib/klibc/bin/nfsmount'], 'klibc-utils'),
  klibcLibrary: need('klibc', ['/usr/share/doc/libklibc/copyright'], 'libklibc'),
  blkid: need('blkid', ['/sbin/blkid', '/usr/sbin/blkid'], 'util-linux'),
  mksquashfs: need('mksquashfs', ['/usr/bin/mksquashfs'], 'squashfs-tools'),
  lzo: need(
    'liblzo2',
    ['/lib/x86_64-linux-gnu/liblzo2.so.2', '/usr/lib/x86_64-linux-gnu/liblzo2.so.2'],
    'liblzo2-2',
  ),
} as const satisfies Record<string, HostNeed>;

/** For recording what went over the wire. */
export const CAPTURE_NEEDS = [need('tcpdump', ['tcpdump'], 'tcpdump')] as const satisfies readonly HostNeed[];

/** A relay agent that adds option 82; only unpacked, for installed it is a service that starts. */
export const RELAY_NEEDS = {
  dhcrelay: need('the DHCP relay agent dhcrelay', ['/usr/sbin/dhcrelay'], 'isc-dhcp-relay'),
} as const satisfies Record<string, HostNeed>;

/** Programs of the administrator are often not in a user's PATH. */
const MORE_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** Where the need is met, or undefined. */
export function findOnHost(wanted: HostNeed, searchPath = process.env['PATH'] ?? ''): string | undefined {
  const folders = [...searchPath.split(delimiter).filter((folder) => folder !== ''), ...MORE_FOLDERS];
  return wanted.places
    .flatMap((place) => (place.startsWith('/') ? [place] : folders.map((folder) => join(folder, place))))
    .find(isReadable);
}

/** @throws LabRefusal when it is not there. */
export function requireOnHost(wanted: HostNeed): string {
  const place = findOnHost(wanted);
  if (place === undefined) throw missing([wanted]);
  return place;
}

/** @throws LabRefusal naming everything that is missing, and the one command that brings it. */
export function requireAllOnHost(wanted: readonly HostNeed[]): void {
  const absent = wanted.filter((one) => findOnHost(one) === undefined);
  if (absent.length > 0) throw missing(absent);
}

/**
 * Everything at once, before anything is begun: rights, the kernel's TAP device and programs.
 *
 * @throws LabRefusal that says what to do.
 */
export function requireLabHost(): void {
  if (process.getuid?.() !== 0) {
    throw new LabRefusal(
      'This must run as root, since it makes a private network namespace with a bridge in it: run it again with sudo',
    );
  }
  if (process.arch !== 'x64') {
    throw new LabRefusal(
      `The virtual machine runs programs of this computer, so they must be x86-64 ones, and it is ${process.arch}: run it on another computer`,
    );
  }
  requireAllOnHost([...MACHINE_NEEDS, ...DISTRIBUTION_NEEDS]);
  if (!existsSync('/dev/net/tun')) {
    throw new LabRefusal(
      'There is no /dev/net/tun, which a virtual machine needs for its network card: run "modprobe tun", or start the container with --device /dev/net/tun',
    );
  }
}

export function missing(absent: readonly HostNeed[]): LabRefusal {
  const packages = [...new Set(absent.map((one) => one.debianPackage))].join(' ');
  const names = absent.map((one) => one.name).join(', ');
  return new LabRefusal(`Not found on this computer: ${names}. On Debian: apt-get install -y ${packages}`);
}

function need(name: string, places: readonly string[], debianPackage: string): HostNeed {
  return { name, places, debianPackage };
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
