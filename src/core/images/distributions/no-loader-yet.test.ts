import { describe, expect, test } from 'vitest';
import { MEBIBYTE, recognitionCases } from '../suite/recognition-cases.ts';
import { treeOfTexts } from '../suite/tree-of-texts.ts';
import { bsd } from './bsd.ts';
import { esxi } from './esxi.ts';
import { memtest } from './memtest.ts';
import { windows } from './windows.ts';

const WINDOWS = { 'sources/boot.wim': 500 * MEBIBYTE, 'boot/bcd': 1, 'boot/boot.sdi': 1, bootmgr: 1 };
/** As the disc of ESXi 8.0 U3 has it, shortened. */
const BOOT_CFG = `bootstate=0
title=Loading ESXi installer
timeout=5
prefix=
kernel=/b.b00
kernelopt=runweasel cdromBoot
modules=/jumpstrt.gz --- /useropts.gz --- /features.gz --- /k.b00 --- /s.v00
build=8.0.3-0.0.24022510
updated=0
`;

describe('Windows', () => {
  recognitionCases(windows, [
    [
      'a disc of Windows 11',
      { ...WINDOWS, 'sources/install.wim': 1, 'efi/boot/bootx64.efi': 1 },
      { title: 'Windows', architecture: 'x86_64', memoryMegabytes: { http: 1536 }, initrds: [] },
    ],
    [
      'in capitals, for arm64',
      {
        'SOURCES/BOOT.WIM': 1,
        'BOOT/BCD': 1,
        'BOOT/BOOT.SDI': 1,
        'SOURCES/INSTALL.ESD': 1,
        'EFI/BOOT/BOOTAA64.EFI': 1,
      },
      { title: 'Windows', architecture: 'aarch64' },
    ],
    [
      'Windows PE, of 32 bits',
      { ...WINDOWS, 'EFI/Boot/bootia32.efi': 1 },
      { title: 'Windows PE', architecture: 'i686' },
    ],
    [
      'half a disc',
      { 'sources/boot.wim': 1 },
      'sources/boot.wim is there, but boot/bcd is not: copy the whole disc',
    ],
  ]);
});

describe('VMware ESXi', () => {
  recognitionCases(esxi, [
    [
      'ESXi 8',
      { 'boot.cfg': BOOT_CFG, 'b.b00': 1 },
      { title: 'VMware ESXi 8.0.3', release: '8.0.3', memoryMegabytes: { http: 8192 } },
    ],
    [
      'ESXi 6.7, its disc without Rock Ridge',
      { 'BOOT.CFG': BOOT_CFG.replace('8.0.3-0.0.24022510', '6.7.0-1.28.10302608') },
      { title: 'VMware ESXi 6.7.0', memoryMegabytes: { http: 4096 } },
    ],
    ['another boot.cfg', { 'boot.cfg': 'timeout=5\n' }, 'boot.cfg names no kernel= and modules='],
  ]);
});

describe('the BSDs', () => {
  recognitionCases(bsd, [
    [
      'FreeBSD',
      {
        'boot/kernel/kernel': 1,
        'bin/freebsd-version': '#!/bin/sh\nset -e\n\nUSERLAND_VERSION="14.3-RELEASE"\n',
      },
      { title: 'FreeBSD 14.3', release: '14.3' },
    ],
    ['OpenBSD', { '7.7/amd64/bsd.rd': 1 }, { title: 'OpenBSD 7.7', architecture: 'x86_64' }],
    ['its kernel alone', { 'bsd.rd': 1 }, { title: 'OpenBSD', release: '' }],
    ['nothing of them', { '7.7/readme': 1 }, 'there is no boot/kernel/kernel and no bsd.rd'],
  ]);
});

describe('Memtest86+', () => {
  recognitionCases(memtest, [
    [
      'from its archive',
      { 'memtest64.bin': 1, 'memtest32.bin': 1 },
      { kernel: 'memtest64.bin', architecture: 'x86_64', initrds: [] },
    ],
    ['of 32 bits', { 'memtest32.bin': 1 }, { architecture: 'i686' }],
  ]);
});

test('what Muster cannot start has no kernel, and says what it needs', async () => {
  for (const [row, files] of [
    [windows, WINDOWS],
    [esxi, { 'boot.cfg': BOOT_CFG }],
    [bsd, { 'boot/kernel/kernel': 1 }],
  ] as const) {
    const recognition = await row.recognise(treeOfTexts(files));
    expect(recognition).toMatchObject({
      tree: {
        needs: expect.stringContaining('yet'),
        note: expect.stringMatching(/^this image boots nothing yet/),
      },
    });
    expect(recognition).not.toHaveProperty('tree.kernel');
  }
});
