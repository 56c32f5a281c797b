import { open } from 'node:fs/promises';
import type { MacAddress } from '../lib/addresses.ts';

export interface MachineShape {
  /** Names its files in `folder`. */
  readonly name: string;
  /** Where its console log, socket and pictures are kept. */
  readonly folder: string;
  readonly mac: MacAddress;
  readonly tap: string;
  readonly disk: { readonly path: string; readonly format: 'raw' | 'qcow2' };
  /** BIOS boot order: `nc` is network, then disk. */
  readonly bootOrder: 'nc' | 'c';
  readonly memoryMegabytes?: number;
  readonly cpus?: number;
  /** Further words for QEMU. */
  readonly more?: readonly string[];
}

const MEMORY_MEGABYTES = 512;

/** A blank disk of that many bytes, which takes no room until it is written. */
export async function makeBlankDisk(path: string, bytes: number): Promise<void> {
  const file = await open(path, 'wx');
  await file.truncate(bytes);
  await file.close();
}

/** QEMU's words: SeaBIOS, the iPXE ROM on a virtio card, and the processor in software, so that it runs anywhere. */
export function qemuCommand(shape: MachineShape, qmpPath: string): readonly string[] {
  const words: readonly (readonly [string, string])[] = [
    ['-name', shape.name],
    ['-machine', 'pc'],
    ['-accel', 'tcg,thread=multi'],
    ['-cpu', 'qemu64'],
    ['-smp', String(shape.cpus ?? 1)],
    ['-m', String(shape.memoryMegabytes ?? MEMORY_MEGABYTES)],
    ['-display', 'none'],
    ['-vga', 'std'],
    ['-device', 'virtio-rng-pci'],
    ['-netdev', `tap,id=net,ifname=${shape.tap},script=no,downscript=no`],
    ['-device', `virtio-net-pci,netdev=net,mac=${shape.mac}`],
    ['-drive', `file=${shape.disk.path},if=none,id=disk,format=${shape.disk.format},cache=unsafe`],
    ['-device', 'virtio-blk-pci,drive=disk'],
    ['-boot', `order=${shape.bootOrder},strict=on`],
    ['-chardev', 'stdio,id=console,signal=off'],
    ['-serial', 'chardev:console'],
    ['-qmp', `unix:${qmpPath},server=on,wait=off`],
  ];
  return ['qemu-system-x86_64', '-no-user-config', '-nodefaults', ...words.flat(), ...(shape.more ?? [])];
}
