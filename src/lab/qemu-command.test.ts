import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { parseMac } from '../lib/addresses.ts';
import { UEFI_NEEDS } from './host-programs.ts';
import { firmwareRow } from './machine-firmware.ts';
import { type MachineShape, prepareFlash, qemuCommand } from './qemu-command.ts';

const MACHINE: MachineShape = {
  name: 'demo',
  folder: '/scratch',
  mac: parseMac('52:54:00:4d:55:01'),
  tap: 'tap0',
  disk: { path: '/scratch/disk.raw', format: 'raw' },
  bootOrder: 'nc',
};
const FLASH = ['/firmware/code.fd', '/scratch/demo.variables'];

function words(change: Partial<MachineShape>): readonly string[] {
  const chips = firmwareRow(change.firmware ?? 'bios').flash.length;
  const flash = FLASH.slice(0, chips);
  return qemuCommand({ ...MACHINE, ...change }, '/scratch/demo.qmp', flash);
}

for (const [sentence, change, golden] of [
  [
    'is a PC with a virtio card, the network first, and nothing it was not given',
    { more: ['-no-reboot'] },
    'qemu-command.txt',
  ],
  [
    'with UEFI has the flash of its firmware, no boot ROM, and numbered devices',
    { firmware: 'uefi' },
    'qemu-command-uefi.txt',
  ],
  [
    'with Secure Boot keeps the variables of its firmware from the guest',
    { firmware: 'uefi-secure-boot', netBoot: 'PXE over IPv4' },
    'qemu-command-uefi-secure-boot.txt',
  ],
  [
    'of arm64 with UEFI has the same devices on another board, and no screen',
    { firmware: 'arm64-uefi' },
    'qemu-command-arm64-uefi.txt',
  ],
  [
    'of arm64 with U-Boot has it in its only chip',
    { firmware: 'arm64-uboot' },
    'qemu-command-arm64-uboot.txt',
  ],
] as const) {
  test(`the virtual machine ${sentence}`, async () => {
    await expect(`${words(change).join('\n')}\n`).toMatchFileSnapshot(`golden/${golden}`);
  });
}

describe('the virtual machine', () => {
  for (const [what, change, expected] of [
    [
      'with UEFI starts from its disk alone',
      { firmware: 'uefi', bootOrder: 'c' },
      ['drive=disk,bootindex=0'],
    ],
    ['has another boot ROM on its card', { cardRom: '/roms/a.rom' }, [',romfile=/roms/a.rom']],
    [
      'is left with HTTP as its only network boot',
      { firmware: 'uefi', netBoot: 'HTTP Boot' },
      ['IPv4PXESupport,string=n', 'IPv6PXESupport,string=n'],
    ],
    [
      'with a BIOS starts from a disc that is read over HTTP, then from its disk',
      { bootOrder: 'dc', disc: 'http://192.0.2.1:8080/media/KEY/demo.iso' },
      [
        'order=dc,strict=on',
        'file=http://192.0.2.1:8080/media/KEY/demo.iso,if=none,id=disc,format=raw,media=cdrom,readonly=on',
        'ide-cd,drive=disc',
      ],
    ],
    [
      'with UEFI starts from it too',
      { firmware: 'uefi', bootOrder: 'dc', disc: 'http://192.0.2.1:8080/media/KEY/demo.iso' },
      ['drive=disc,bootindex=0', 'drive=disk,bootindex=1'],
    ],
    ['has the memory it is given', { firmware: 'uefi', memoryMegabytes: 1024 }, ['1024']],
  ] as const) {
    test(what, () => {
      for (const end of expected) expect(words(change).some((word) => word.endsWith(end))).toBe(true);
    });
  }

  test('with UEFI that starts from its disk alone gives the card no number', () => {
    const card = words({ firmware: 'uefi', bootOrder: 'c' }).find((word) => word.startsWith('virtio-net'));
    expect(card).not.toContain('bootindex');
  });
});

describe('what UEFI remembers', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'muster-flash-'));
    vi.stubEnv('XDG_CACHE_HOME', folder);
    // Where OVMF is not installed it is found here.
    for (const place of [UEFI_NEEDS.code, UEFI_NEEDS.variables].flatMap(({ places }) => places)) {
      const file = join(folder, 'muster/lab/packages/ovmf', place);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, 'as it was made');
    }
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  });

  test('is a copy of its own, found again at the next start', async () => {
    const shape: MachineShape = { ...MACHINE, folder, firmware: 'uefi' };
    const [code = '', variables = ''] = await prepareFlash(shape);
    expect(code).toMatch(/OVMF_CODE_4M\.fd$/);
    expect(variables).toBe(join(folder, 'demo.variables'));
    await writeFile(variables, 'remembered');
    expect(await prepareFlash(shape)).toEqual([code, variables]);
    expect(await readFile(variables, 'utf8')).toBe('remembered');
  });

  test('is of the machine alone', async () => {
    const shape: MachineShape = { ...MACHINE, folder, firmware: 'uefi' };
    const [, one] = await prepareFlash(shape);
    const [, other] = await prepareFlash({ ...shape, name: 'other' });
    expect(other).not.toBe(one);
  });

  test('is nothing where the firmware is a BIOS', async () => {
    expect(await prepareFlash({ ...MACHINE, folder })).toEqual([]);
  });
});
