import type { ScriptLanguageName } from '../scripts/script-language.ts';
import type { BootDiskName } from './boot-disk.ts';
import type { LoaderName } from './loaders.ts';

/** Which way a machine goes from its firmware to a kernel: by the loader that reads a script. */
export type ChainName = ScriptLanguageName;

/** A way, and the files it needs from this server besides its script. */
export interface LoaderChain {
  readonly name: ChainName;
  /** What the firmware fetches. */
  readonly first: LoaderName;
  /** What the first fetches by itself; without it the first stands still. */
  readonly next: readonly LoaderName[];
  /** All of it is put into one disk, and this is what the firmware fetches. */
  readonly disk?: BootDiskName;
}

/** Processors as UEFI names them in its default boot files (UEFI 2.10 §3.5.1.1): `BOOTX64.EFI`. */
export type Cpu = 'ia32' | 'x64' | 'arm' | 'aa64' | 'riscv64' | 'loongarch64';

export interface FirmwareRow {
  /** IANA "Processor Architecture Types" (option 93). */
  readonly architecture: number;
  /** As people call it. */
  readonly name: string;
  readonly platform: 'BIOS' | 'UEFI' | 'U-Boot' | 'other';
  /** Absent where Muster knows no kernel to start on it. */
  readonly cpu?: Cpu;
  /** How it fetches its first program. */
  readonly over: 'TFTP' | 'HTTP';
  /** In order of preference: the first of which all files are there. */
  readonly chains: readonly LoaderChain[];
}

const PXELINUX: LoaderChain = { name: 'pxelinux', first: 'pxelinux.0', next: ['ldlinux.c32'] };
const UNDIONLY: LoaderChain = { name: 'ipxe', first: 'undionly.kpxe', next: [] };
const SHIM_X64: LoaderChain = { name: 'grub', first: 'shimx64.efi', next: ['grubx64.efi'] };
const SHIM_AA64: LoaderChain = { name: 'grub', first: 'shimaa64.efi', next: ['grubaa64.efi'] };
const SHIM_IA32: LoaderChain = { name: 'grub', first: 'shimia32.efi', next: ['grubia32.efi'] };
/** With the driver of the firmware, which has just worked; the other one is for firmware whose driver does not. */
const SNPONLY: LoaderChain = { name: 'ipxe', first: 'snponly.efi', next: [] };
const IPXE_EFI: LoaderChain = { name: 'ipxe', first: 'ipxe.efi', next: [] };
const IPXE_AA64: LoaderChain = { name: 'ipxe', first: 'ipxe-arm64.efi', next: [] };
const GRUB_ARM: LoaderChain = { name: 'grub', first: 'grubnetarm.efi', next: [] };
const GRUB_RISCV64: LoaderChain = { name: 'grub', first: 'grubnetriscv64.efi', next: [] };
const IPXE_RISCV64: LoaderChain = { name: 'ipxe', first: 'ipxe-riscv64.efi', next: [] };
const IPXE_LOONGARCH64: LoaderChain = { name: 'ipxe', first: 'ipxe-loong64.efi', next: [] };
const DISK_X64: LoaderChain = { ...SHIM_X64, disk: 'bootx64.img' };
const DISK_AA64: LoaderChain = { ...SHIM_AA64, disk: 'bootaa64.img' };

/**
 * One row for each architecture. RFC 4578 prints 7 and 9 the other way round (erratum 4624); firmware follows IANA, so
 * we do. UEFI begins with shim, which boots with Secure Boot and without. For HTTP Boot it lies in a disk with all it
 * needs: GRUB 2.06 as distributions sign it finds no configuration over HTTP Boot, and ends at its prompt (seen with
 * OVMF 2022.11).
 */
export const FIRMWARE: readonly FirmwareRow[] = [
  {
    architecture: 0,
    name: 'x86 BIOS',
    platform: 'BIOS',
    cpu: 'x64',
    over: 'TFTP',
    chains: [PXELINUX, UNDIONLY],
  },
  { architecture: 1, name: 'NEC PC-98', platform: 'other', over: 'TFTP', chains: [] },
  { architecture: 2, name: 'Itanium UEFI', platform: 'UEFI', over: 'TFTP', chains: [] },
  { architecture: 6, name: 'x86 UEFI', platform: 'UEFI', cpu: 'ia32', over: 'TFTP', chains: [SHIM_IA32] },
  {
    architecture: 7,
    name: 'x64 UEFI',
    platform: 'UEFI',
    cpu: 'x64',
    over: 'TFTP',
    chains: [SHIM_X64, SNPONLY, IPXE_EFI],
  },
  {
    architecture: 9,
    name: 'EBC (sent by some x64 UEFI)',
    platform: 'UEFI',
    cpu: 'x64',
    over: 'TFTP',
    chains: [SHIM_X64, SNPONLY, IPXE_EFI],
  },
  {
    architecture: 10,
    name: 'ARM 32-bit UEFI',
    platform: 'UEFI',
    cpu: 'arm',
    over: 'TFTP',
    chains: [GRUB_ARM],
  },
  {
    architecture: 11,
    name: 'ARM 64-bit UEFI',
    platform: 'UEFI',
    cpu: 'aa64',
    over: 'TFTP',
    chains: [SHIM_AA64, IPXE_AA64],
  },
  { architecture: 15, name: 'x86 UEFI HTTP Boot', platform: 'UEFI', cpu: 'ia32', over: 'HTTP', chains: [] },
  {
    architecture: 16,
    name: 'x64 UEFI HTTP Boot',
    platform: 'UEFI',
    cpu: 'x64',
    over: 'HTTP',
    chains: [DISK_X64, SNPONLY, IPXE_EFI],
  },
  {
    architecture: 18,
    name: 'ARM 32-bit UEFI HTTP Boot',
    platform: 'UEFI',
    cpu: 'arm',
    over: 'HTTP',
    chains: [],
  },
  {
    architecture: 19,
    name: 'ARM 64-bit UEFI HTTP Boot',
    platform: 'UEFI',
    cpu: 'aa64',
    over: 'HTTP',
    chains: [DISK_AA64, IPXE_AA64],
  },
  { architecture: 20, name: 'x86 BIOS HTTP Boot', platform: 'BIOS', cpu: 'x64', over: 'HTTP', chains: [] },
  { architecture: 21, name: 'ARM 32-bit U-Boot', platform: 'U-Boot', cpu: 'arm', over: 'TFTP', chains: [] },
  { architecture: 22, name: 'ARM 64-bit U-Boot', platform: 'U-Boot', cpu: 'aa64', over: 'TFTP', chains: [] },
  {
    architecture: 23,
    name: 'ARM 32-bit U-Boot HTTP',
    platform: 'U-Boot',
    cpu: 'arm',
    over: 'HTTP',
    chains: [],
  },
  {
    architecture: 24,
    name: 'ARM 64-bit U-Boot HTTP',
    platform: 'U-Boot',
    cpu: 'aa64',
    over: 'HTTP',
    chains: [],
  },
  {
    architecture: 27,
    name: 'RISC-V 64-bit UEFI',
    platform: 'UEFI',
    cpu: 'riscv64',
    over: 'TFTP',
    chains: [GRUB_RISCV64, IPXE_RISCV64],
  },
  {
    architecture: 28,
    name: 'RISC-V 64-bit UEFI HTTP Boot',
    platform: 'UEFI',
    cpu: 'riscv64',
    over: 'HTTP',
    chains: [IPXE_RISCV64],
  },
  {
    architecture: 39,
    name: 'LoongArch 64-bit UEFI',
    platform: 'UEFI',
    cpu: 'loongarch64',
    over: 'TFTP',
    chains: [IPXE_LOONGARCH64],
  },
  {
    architecture: 40,
    name: 'LoongArch 64-bit UEFI HTTP Boot',
    platform: 'UEFI',
    cpu: 'loongarch64',
    over: 'HTTP',
    chains: [IPXE_LOONGARCH64],
  },
  { architecture: 41, name: 'Raspberry Pi', platform: 'other', cpu: 'aa64', over: 'TFTP', chains: [] },
];

const ROWS: ReadonlyMap<number, FirmwareRow> = new Map(FIRMWARE.map((row) => [row.architecture, row]));

export function firmwareOf(architecture: number): FirmwareRow | undefined {
  return ROWS.get(architecture);
}

/** As people call it: `x86 BIOS`. */
export function firmwareName(architecture: number): string {
  return firmwareOf(architecture)?.name ?? `firmware of architecture ${architecture}`;
}

/** Whether Muster has a way for this architecture, if its files are there. */
export function isBootable(architecture: number): boolean {
  return (firmwareOf(architecture)?.chains.length ?? 0) > 0;
}

/** The loaders that begin a boot. */
export const FIRST_PROGRAMS: ReadonlySet<LoaderName> = new Set<LoaderName>([
  ...FIRMWARE.flatMap(({ chains }) => chains.map(({ first }) => first)),
  'lpxelinux.0',
]);

/** Which names a kernel's processor has in images, by ours: `uname -m`, Debian, RPM. */
const KERNELS: Readonly<Record<Cpu, RegExp>> = {
  ia32: /^i[3-6]86$/,
  x64: /^(?:x86_64|amd64|i[3-6]86)$/,
  arm: /^(?:armhf|armv7l|armv7hl)$/,
  aa64: /^(?:aarch64|arm64)$/,
  riscv64: /^riscv64$/,
  loongarch64: /^loong(?:arch)?64$/,
};

/**
 * Whether firmware of this architecture can start a kernel of that image. An image that does not say is taken as
 * fitting, and firmware that does not say as an x86 BIOS.
 *
 * @param kernel as the image's record has it: `x86_64`, `arm64`; empty when not known.
 */
export function fitsFirmware(kernel: string, architecture: number | undefined): boolean {
  const cpu = firmwareOf(architecture ?? 0)?.cpu;
  if (kernel === '' || cpu === undefined) return true;
  // UEFI starts kernels of its own width only; a BIOS has no width.
  if (firmwareOf(architecture ?? 0)?.platform === 'UEFI' && cpu === 'x64')
    return /^(?:x86_64|amd64)$/.test(kernel);
  return KERNELS[cpu].test(kernel);
}
