import { describe } from 'vitest';
import { MEBIBYTE, recognitionCases } from '../suite/recognition-cases.ts';
import { alpine } from './alpine.ts';
import { archiso } from './archiso.ts';

describe('Arch Linux and its kin by archiso', () => {
  recognitionCases(archiso, [
    [
      'Arch Linux, whose initramfs has the microcode in it',
      {
        'arch/boot/x86_64/vmlinuz-linux': 1,
        'arch/boot/x86_64/initramfs-linux.img': 1,
        'arch/x86_64/airootfs.sfs': 900 * MEBIBYTE,
        'arch/x86_64/airootfs.sha512': '',
        'arch/version': '2025.11.01\n',
      },
      {
        title: 'Arch Linux 2025.11.01',
        release: '2025.11.01',
        architecture: 'x86_64',
        kernel: 'arch/boot/x86_64/vmlinuz-linux',
        initrds: ['arch/boot/x86_64/initramfs-linux.img'],
        answerKind: 'script',
        facts: { base: 'arch' },
        memoryMegabytes: { http: 1536, nfs: 1536 },
      },
    ],
    [
      'Arch Linux of 2023, which has it apart: it goes first',
      {
        'arch/boot/x86_64/vmlinuz-linux': 1,
        'arch/boot/x86_64/initramfs-linux.img': 1,
        'arch/boot/intel-ucode.img': 1,
        'arch/boot/amd-ucode.img': 1,
        'arch/x86_64/airootfs.sfs': 1,
      },
      {
        title: 'Arch Linux',
        initrds: [
          'arch/boot/intel-ucode.img',
          'arch/boot/amd-ucode.img',
          'arch/boot/x86_64/initramfs-linux.img',
        ],
      },
    ],
    [
      'SystemRescue (names as in its pxe example)',
      {
        'sysresccd/boot/x86_64/vmlinuz': 1,
        'sysresccd/boot/x86_64/sysresccd.img': 1,
        'sysresccd/boot/intel_ucode.img': 1,
        'sysresccd/boot/amd_ucode.img': 1,
        'sysresccd/boot/memtest': 1,
        'sysresccd/VERSION': '12.02\n',
        'sysresccd/x86_64/airootfs.sfs': 3000 * MEBIBYTE,
      },
      {
        title: 'SystemRescue 12.02',
        answerKind: 'none',
        facts: { base: 'sysresccd' },
        initrds: [
          'sysresccd/boot/intel_ucode.img',
          'sysresccd/boot/amd_ucode.img',
          'sysresccd/boot/x86_64/sysresccd.img',
        ],
        memoryMegabytes: { http: 4096, nfs: 4096 },
      },
    ],
    [
      'CachyOS, whose kernel has another flavour, on EROFS',
      {
        'arch/boot/x86_64/vmlinuz-linux-cachyos': 1,
        'arch/boot/x86_64/initramfs-linux-cachyos.img': 1,
        'arch/x86_64/airootfs.erofs': 1,
      },
      { kernel: 'arch/boot/x86_64/vmlinuz-linux-cachyos' },
    ],
    [
      'a kernel without the initramfs of its flavour',
      {
        'arch/boot/x86_64/vmlinuz-linux': 1,
        'arch/boot/x86_64/initramfs-linux-lts.img': 1,
        'arch/x86_64/airootfs.sfs': 1,
      },
      'arch/boot/x86_64/vmlinuz-linux is there, but no initramfs beside it',
    ],
    [
      'a root file system alone',
      { 'arch/x86_64/airootfs.sfs': 1 },
      'arch/x86_64/airootfs.sfs is there, but no kernel arch/boot/x86_64/vmlinuz…',
    ],
    [
      'a folder whose name would be more than a word',
      { 'arch script=x/x86_64/airootfs.sfs': 1, 'arch script=x/boot/x86_64/vmlinuz': 1 },
      'there is no <folder>/<architecture>/airootfs.sfs or .erofs',
    ],
  ]);
});

describe('Alpine Linux', () => {
  const BOOT = { 'boot/vmlinuz-lts': 1, 'boot/initramfs-lts': 1, 'boot/modloop-lts': 150 * MEBIBYTE };
  const DISC_NOTE =
    'the initramfs of a disc may know no DHCP and hardly a network card: if it stops there, put the folder boot/ of the netboot archive (alpine-netboot-….tar.gz) of the same release in the place of that of the disc';
  recognitionCases(alpine, [
    [
      'the standard disc',
      {
        ...BOOT,
        '.alpine-release': 'alpine-standard-3.22.1 250715\n',
        'apks/aarch64/APKINDEX.tar.gz': '',
        'apks/.boot_repository': '',
      },
      {
        title: 'Alpine Linux 3.22.1',
        release: '3.22.1',
        architecture: 'aarch64',
        kernel: 'boot/vmlinuz-lts',
        initrds: ['boot/initramfs-lts'],
        facts: { modloop: 'boot/modloop-lts', packages: 'apks' },
        memoryMegabytes: { http: 768, ftp: 768 },
        note: DISC_NOTE,
      },
    ],
    [
      'the netboot archive, which has no packages',
      BOOT,
      {
        title: 'Alpine Linux',
        facts: { modloop: 'boot/modloop-lts' },
        note: 'it holds no packages: it takes those of http://dl-cdn.alpinelinux.org/alpine/latest-stable/main unless the profile adds alpine_repo=',
      },
    ],
    [
      "a mirror's folder netboot, with two flavours",
      {
        'vmlinuz-virt': 1,
        'initramfs-virt': 1,
        'modloop-virt': 1,
        'vmlinuz-lts': 1,
        'initramfs-lts': 1,
        'modloop-lts': 1,
      },
      { kernel: 'vmlinuz-lts', facts: { modloop: 'modloop-lts' } },
    ],
    [
      'modules without their kernel',
      { 'boot/modloop-virt': 1, 'boot/vmlinuz-lts': 1 },
      'boot/modloop-virt is there, but boot/vmlinuz-virt is not',
    ],
  ]);
});
