import { describe } from 'vitest';
import { MEBIBYTE, recognitionCases } from '../suite/recognition-cases.ts';
import { coreos } from './coreos.ts';
import { flatcar } from './flatcar.ts';

describe('CoreOS', () => {
  const NOTE =
    'it is installed on the disk; with the variable disk set to none, the machine runs from memory with this configuration';
  recognitionCases(coreos, [
    [
      'Fedora CoreOS as it is downloaded',
      {
        'fedora-coreos-42.20250901.3.0-live-kernel.x86_64': 1,
        'fedora-coreos-42.20250901.3.0-live-initramfs.x86_64.img': 1,
        'fedora-coreos-42.20250901.3.0-live-rootfs.x86_64.img': 900 * MEBIBYTE,
      },
      {
        title: 'Fedora CoreOS 42.20250901.3.0',
        release: '42.20250901.3.0',
        architecture: 'x86_64',
        kernel: 'fedora-coreos-42.20250901.3.0-live-kernel.x86_64',
        initrds: ['fedora-coreos-42.20250901.3.0-live-initramfs.x86_64.img'],
        answerKind: 'ignition',
        facts: { rootfs: 'fedora-coreos-42.20250901.3.0-live-rootfs.x86_64.img' },
        memoryMegabytes: { http: 2048 },
        note: NOTE,
      },
    ],
    [
      'its older names, with a dash before the architecture',
      {
        'fedora-coreos-39.20240225.3.0-live-kernel-x86_64': 1,
        'fedora-coreos-39.20240225.3.0-live-initramfs.x86_64.img': 1,
        'fedora-coreos-39.20240225.3.0-live-rootfs.x86_64.img': 1,
      },
      { release: '39.20240225.3.0' },
    ],
    [
      'RHEL CoreOS from the mirror of OpenShift',
      {
        'rhcos-live-kernel-x86_64': 1,
        'rhcos-live-initramfs.x86_64.img': 1,
        'rhcos-live-rootfs.x86_64.img': 1,
      },
      { title: 'Red Hat Enterprise Linux CoreOS', release: '' },
    ],
    [
      'the same of one release, for another architecture',
      {
        'rhcos-4.16.3-aarch64-live-kernel-aarch64': 1,
        'rhcos-4.16.3-aarch64-live-initramfs.aarch64.img': 1,
        'rhcos-4.16.3-aarch64-live-rootfs.aarch64.img': 1,
      },
      { title: 'Red Hat Enterprise Linux CoreOS 4.16.3', architecture: 'aarch64' },
    ],
    [
      'the live disc',
      {
        'images/pxeboot/vmlinuz': 1,
        'images/pxeboot/initrd.img': 1,
        'images/pxeboot/rootfs.img': 1,
        'images/ignition.img': 1,
        'coreos/features.json': '{}',
        'EFI/fedora/grub.cfg': "menuentry 'Fedora CoreOS (Live)' --class fedora {\n",
      },
      { title: 'Fedora CoreOS', facts: { rootfs: 'images/pxeboot/rootfs.img' } },
    ],
    [
      'a root file system of another build',
      {
        'fedora-coreos-42.1-live-kernel.x86_64': 1,
        'fedora-coreos-42.1-live-initramfs.x86_64.img': 1,
        'fedora-coreos-42.2-live-rootfs.x86_64.img': 1,
      },
      'fedora-coreos-42.1-live-kernel.x86_64 is there, but fedora-coreos-42.1-live-rootfs.x86_64.img of the same build is not',
    ],
  ]);
});

describe('Flatcar', () => {
  const FILES = {
    'flatcar_production_pxe.vmlinuz': 1,
    'flatcar_production_pxe_image.cpio.gz': 450 * MEBIBYTE,
  };
  recognitionCases(flatcar, [
    [
      'of a release',
      { ...FILES, 'version.txt': 'FLATCAR_BUILD=4230\nFLATCAR_BOARD=arm64-usr\nFLATCAR_VERSION=4230.2.3\n' },
      {
        title: 'Flatcar Container Linux 4230.2.3',
        architecture: 'aarch64',
        answerKind: 'ignition',
        memoryMegabytes: { http: 2048 },
      },
    ],
    ['without its version', FILES, { title: 'Flatcar Container Linux', release: '', architecture: 'x86_64' }],
    [
      'a kernel alone',
      { 'flatcar_production_pxe.vmlinuz': 1 },
      'flatcar_production_pxe.vmlinuz is there, but flatcar_production_pxe_image.cpio.gz is not',
    ],
  ]);
});
