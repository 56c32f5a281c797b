import { constants } from 'node:fs';
import { copyFile, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { MacAddress } from '../lib/addresses.ts';
import { type FirmwareName, type FirmwareRow, firmwareRow } from './machine-firmware.ts';
import { requireUnpacked } from './unpacked-packages.ts';

export interface MachineShape {
  /** Names its files in `folder`. */
  readonly name: string;
  /** Where its console log, socket, pictures and what its firmware remembers are kept. */
  readonly folder: string;
  readonly mac: MacAddress;
  readonly tap: string;
  readonly disk: { readonly path: string; readonly format: 'raw' | 'qcow2' };
  /** Boot order, at every start: `nc` is network, then disk; `dc` the disc, then disk. */
  readonly bootOrder: 'nc' | 'dc' | 'c';
  /** The URL of a disc in its BMC's virtual drive, which is read over HTTP while the machine runs. */
  readonly disc?: string;
  /** `bios` when it is left out. */
  readonly firmware?: FirmwareName;
  /** What UEFI asks the network for: anything it can, in its own order, or only one of them. */
  readonly netBoot?: keyof typeof NET_BOOTS;
  /** A file with the boot ROM of its network card, instead of the one its firmware goes with. */
  readonly cardRom?: string;
  readonly memoryMegabytes?: number;
  readonly cpus?: number;
  /** Further words for QEMU. */
  readonly more?: readonly string[];
}

/** EDK2 asks QEMU which ways of network boot it may offer (OvmfPkg/RUNTIME_CONFIG.md). */
const NET_BOOTS = {
  'PXE over IPv4': ['IPv6PXESupport'],
  'PXE over IPv6': ['IPv4PXESupport'],
  'HTTP Boot': ['IPv4PXESupport', 'IPv6PXESupport'],
} as const;

/**
 * How much translated code QEMU keeps. What it keeps of a system that ran before makes every write beside that code a
 * search, also after a restart: firmware of UEFI took 58 to 135 s then to ask the network over IPv4, and takes 12 s
 * with so little (seen with QEMU 7.2).
 */
const TRANSLATED_MEGABYTES = 32;

/** A blank disk of that many bytes, which takes no room until it is written. */
export async function makeBlankDisk(path: string, bytes: number): Promise<void> {
  const file = await open(path, 'wx');
  await file.truncate(bytes);
  await file.close();
}

/**
 * The files of its flash chips: code as it is, and variables as a copy in the machine's folder, which a machine of
 * that name finds again when it is switched on the next time.
 *
 * @throws LabRefusal when a firmware image is not there.
 */
export async function prepareFlash(shape: MachineShape): Promise<readonly string[]> {
  const { flash } = firmwareRow(shape.firmware ?? 'bios');
  return Promise.all(
    flash.map(async ({ image, holds }) => {
      const original = requireUnpacked(image);
      if (holds !== 'variables') return original;
      const copy = join(shape.folder, `${shape.name}.variables`);
      await copyFile(original, copy, constants.COPYFILE_EXCL).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
      return copy;
    }),
  );
}

/** The emulator, which may be one that was only unpacked. @throws LabRefusal when it is not there. */
export function emulatorPath({ firmware = 'bios' }: MachineShape): string {
  const { program, emulator } = firmwareRow(firmware);
  return emulator === undefined ? program : requireUnpacked(emulator);
}

/**
 * QEMU's words: a virtio card and disk, and the processor in software, so that it runs anywhere.
 *
 * @param flash the files of `prepareFlash`.
 */
export function qemuCommand(
  shape: MachineShape,
  qmpPath: string,
  flash: readonly string[] = [],
): readonly string[] {
  const firmware = firmwareRow(shape.firmware ?? 'bios');
  const { disk } = shape;
  const words: readonly (readonly [string, string])[] = [
    ['-name', shape.name],
    ['-machine', firmware.board],
    ['-accel', `tcg,thread=multi,tb-size=${TRANSLATED_MEGABYTES}`],
    ['-cpu', firmware.processor],
    ['-smp', String(shape.cpus ?? 1)],
    ['-m', String(shape.memoryMegabytes ?? firmware.memoryMegabytes)],
    ...flash.map((file, unit) => flashWords(firmware, file, unit)),
    ['-display', 'none'],
    ...(firmware.screen === 'VGA' ? [['-vga', 'std'] as const] : []),
    ['-device', 'virtio-rng-pci'],
    ['-netdev', `tap,id=net,ifname=${shape.tap},script=no,downscript=no`],
    ['-device', `virtio-net-pci,netdev=net,mac=${shape.mac}${cardWords(shape, firmware)}`],
    ['-drive', `file=${disk.path},if=none,id=disk,format=${disk.format},cache=unsafe`],
    ['-device', `virtio-blk-pci,drive=disk${bootNumber(shape, firmware, 'c')}`],
    ...discWords(shape, firmware),
    ...bootLetters(shape, firmware),
    ...netBootWords(shape),
    ['-chardev', 'stdio,id=console,signal=off'],
    ['-serial', 'chardev:console'],
    ['-qmp', `unix:${qmpPath},server=on,wait=off`],
  ];
  const more = [...firmware.more, ...(shape.more ?? [])];
  return [firmware.program, '-no-user-config', '-nodefaults', ...words.flat(), ...more];
}

function flashWords(firmware: FirmwareRow, file: string, unit: number): readonly [string, string] {
  const holds = firmware.flash[unit]?.holds;
  if (holds === 'all') return ['-bios', file];
  const readOnly = holds === 'code' ? 'on' : 'off';
  return ['-drive', `file=${file},if=pflash,unit=${unit},format=raw,readonly=${readOnly}`];
}

function cardWords(shape: MachineShape, firmware: FirmwareRow): string {
  const rom = shape.cardRom ?? (firmware.cardRom === 'none' ? '' : undefined);
  return `${bootNumber(shape, firmware, 'n')}${rom === undefined ? '' : `,romfile=${rom}`}`;
}

/**
 * QEMU reads the disc as a BMC does: its size first, then ranges as they are wanted. BMCs plug their drive in on USB, but
 * there QEMU 7.2 makes OVMF stand still (USB 3) or aborts itself (USB 2) when a read fails, which all reads do once the
 * disc is no longer served.
 */
function discWords(
  { disc, ...shape }: MachineShape,
  firmware: FirmwareRow,
): readonly (readonly [string, string])[] {
  if (disc === undefined) return [];
  return [
    ['-drive', `file=${disc},if=none,id=disc,format=raw,media=cdrom,readonly=on`],
    ['-device', `ide-cd,drive=disc${bootNumber(shape, firmware, 'd')}`],
  ];
}

/** The place of a device in the boot order, for firmware that is told numbers. */
function bootNumber(
  shape: Pick<MachineShape, 'bootOrder'>,
  firmware: FirmwareRow,
  letter: 'n' | 'd' | 'c',
): string {
  const place = shape.bootOrder.indexOf(letter);
  return firmware.bootOrder === 'letters' || place === -1 ? '' : `,bootindex=${place}`;
}

function bootLetters(shape: MachineShape, firmware: FirmwareRow): readonly (readonly [string, string])[] {
  return firmware.bootOrder === 'letters' ? [['-boot', `order=${shape.bootOrder},strict=on`]] : [];
}

function netBootWords({ netBoot }: MachineShape): readonly (readonly [string, string])[] {
  if (netBoot === undefined) return [];
  return NET_BOOTS[netBoot].map((name) => ['-fw_cfg', `name=opt/org.tianocore/${name},string=n`] as const);
}
