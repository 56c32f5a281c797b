import { ARM64_NEEDS, type HostNeed, UEFI_NEEDS } from './host-programs.ts';

/** A flash chip of a board, in the order the board has them. */
export interface FlashRow {
  readonly image: HostNeed;
  /** `all`: the board's only chip. What firmware remembers is written to a copy that belongs to the machine. */
  readonly holds: 'code' | 'variables' | 'all';
}

/** A board with its firmware, as QEMU names the parts. */
export interface FirmwareRow {
  readonly program: string;
  /** Where the program comes from, when the lab does not need it otherwise. */
  readonly emulator?: HostNeed;
  /** Of `-machine`. */
  readonly board: string;
  readonly processor: string;
  readonly memoryMegabytes: number;
  /** `none`: all that it says is on its serial console. */
  readonly screen: 'VGA' | 'none';
  /** A BIOS is told letters for the whole machine, UEFI a number for each device. */
  readonly bootOrder: 'letters' | 'numbers';
  /** `QEMU`: the card brings an iPXE; `none`: the network boot is the firmware's own. */
  readonly cardRom: 'QEMU' | 'none';
  readonly flash: readonly FlashRow[];
  readonly more: readonly string[];
}

const X64 = { program: 'qemu-system-x86_64', processor: 'qemu64', screen: 'VGA' } as const;
const X64_UEFI = { ...X64, memoryMegabytes: 768, bootOrder: 'numbers', cardRom: 'none' } as const;
/** QEMU's own board, a plain 64-bit core, and room for a kernel that is not compressed. */
const ARM64 = {
  program: 'qemu-system-aarch64',
  emulator: ARM64_NEEDS.emulator,
  board: 'virt',
  processor: 'cortex-a57',
  memoryMegabytes: 1024,
  screen: 'none',
  bootOrder: 'numbers',
  cardRom: 'none',
  more: [],
} as const;

/** Every firmware the lab can put into a virtual machine. A new one is a row. */
export const FIRMWARES = {
  /** SeaBIOS and the iPXE ROM. */
  bios: {
    ...X64,
    board: 'pc',
    memoryMegabytes: 512,
    bootOrder: 'letters',
    cardRom: 'QEMU',
    flash: [],
    more: [],
  },
  /** EDK2 (OVMF), which runs anything. */
  uefi: {
    ...X64_UEFI,
    board: 'q35',
    flash: [
      { image: UEFI_NEEDS.code, holds: 'code' },
      { image: UEFI_NEEDS.variables, holds: 'variables' },
    ],
    more: [],
  },
  /**
   * EDK2 that enforces Secure Boot with Microsoft's keys. Its variables are safe from the guest only when the flash
   * is written in system management mode alone, which sleeping in memory (S3) stands in the way of (OvmfPkg/README).
   */
  'uefi-secure-boot': {
    ...X64_UEFI,
    board: 'q35,smm=on',
    flash: [
      { image: UEFI_NEEDS.secureCode, holds: 'code' },
      { image: UEFI_NEEDS.secureVariables, holds: 'variables' },
    ],
    more: [
      ['-global', 'driver=cfi.pflash01,property=secure,value=on'],
      ['-global', 'ICH9-LPC.disable_s3=1'],
    ].flat(),
  },
  /** EDK2 (AAVMF), which runs anything. */
  'arm64-uefi': {
    ...ARM64,
    flash: [
      { image: ARM64_NEEDS.code, holds: 'code' },
      { image: ARM64_NEEDS.variables, holds: 'variables' },
    ],
  },
  /** U-Boot, which asks nobody for its boot order: what it does is typed on its console. */
  'arm64-uboot': { ...ARM64, flash: [{ image: ARM64_NEEDS.uboot, holds: 'all' }] },
} as const satisfies Record<string, FirmwareRow>;

export type FirmwareName = keyof typeof FIRMWARES;

/** The row with the type of the table, so that all rows can be handled alike. */
export function firmwareRow(name: FirmwareName): FirmwareRow {
  return FIRMWARES[name];
}
