import { describe } from 'vitest';
import { MEBIBYTE, recognitionCases } from '../suite/recognition-cases.ts';
import { casper } from './casper.ts';

/** Names as on the disc of Ubuntu Server 24.04. */
const SERVER = {
  'casper/vmlinuz': 1,
  'casper/initrd': 1,
  'casper/hwe-vmlinuz': 1,
  'casper/hwe-initrd': 1,
  'casper/install-sources.yaml': '- id: ubuntu-server\n',
  'casper/ubuntu-server-minimal.squashfs': 1,
  'casper/ubuntu-server-minimal.ubuntu-server.installer.squashfs': 1,
};
const OVER_NFS_ALONE =
  'it boots from this folder over NFS alone; over HTTP it takes the whole disc image (.iso), so add that instead';

describe('Ubuntu and its kin by casper', () => {
  recognitionCases(casper, [
    [
      'Ubuntu Server 24.04, copied into a folder',
      { ...SERVER, '.disk/info': 'Ubuntu-Server 24.04.1 LTS "Noble Numbat" - Release amd64 (20240827)\n' },
      {
        title: 'Ubuntu-Server 24.04.1 LTS "Noble Numbat"',
        release: '24.04.1',
        architecture: 'x86_64',
        kernel: 'casper/vmlinuz',
        initrds: ['casper/initrd'],
        answerKind: 'autoinstall',
        memoryMegabytes: { nfs: 2048 },
        note: OVER_NFS_ALONE,
      },
    ],
    [
      'the same as a disc image, which is copied into half the memory',
      { ...SERVER, '.disk/info': 'Ubuntu-Server 24.04.1 LTS "Noble Numbat" - Release arm64 (20240827)\n' },
      { architecture: 'aarch64', memoryMegabytes: { nfs: 2048, http: 5376 } },
      2600 * MEBIBYTE,
    ],
    [
      'Ubuntu Server 20.04, whose root file system has another name',
      {
        'casper/vmlinuz': 1,
        'casper/initrd': 1,
        'casper/filesystem.squashfs': 1,
        'casper/installer.squashfs': 1,
        '.disk/info': 'Ubuntu-Server 20.04.6 LTS "Focal Fossa" - Release amd64 (20230314)\n',
      },
      { release: '20.04.6', answerKind: 'autoinstall' },
    ],
    [
      'a desktop that reads autoinstall',
      {
        'casper/vmlinuz': 1,
        'casper/initrd': 1,
        'casper/minimal.standard.live.squashfs': 1,
        '.disk/info': 'Ubuntu 24.04.4 LTS "Noble Numbat" - Release amd64 (20260210)\n',
      },
      { title: 'Ubuntu 24.04.4 LTS "Noble Numbat"', answerKind: 'autoinstall' },
    ],
    [
      'a desktop from before that, with an initrd of its age',
      {
        'casper/vmlinuz.efi': 1,
        'casper/initrd.lz': 1,
        'casper/filesystem.squashfs': 1,
        '.disk/info': 'Ubuntu 16.04.6 LTS "Xenial Xerus" - Release amd64 (20190227.1)\n',
      },
      { kernel: 'casper/vmlinuz.efi', initrds: ['casper/initrd.lz'], answerKind: 'none' },
    ],
    [
      'Linux Mint',
      {
        'casper/vmlinuz': 1,
        'casper/initrd.lz': 1,
        'casper/filesystem.squashfs': 1,
        '.disk/info': 'Linux Mint 21.3 "Virginia" - Release amd64 20240109\n',
      },
      { title: 'Linux Mint 21.3 "Virginia"', release: '21.3', answerKind: 'none' },
    ],
    [
      'a kernel whose name has its version (Pop!_OS)',
      { 'casper/vmlinuz-6.9.3': 1, 'casper/initrd.img-6.9.3': 1, 'casper/filesystem.squashfs': 1 },
      {
        title: 'Live system by casper',
        kernel: 'casper/vmlinuz-6.9.3',
        initrds: ['casper/initrd.img-6.9.3'],
      },
    ],
    [
      'a kernel without an initrd',
      { 'casper/vmlinuz': 1 },
      'casper/vmlinuz is there, but no initrd beside it',
    ],
    [
      'a netboot folder, which has no root file system',
      { 'casper/vmlinuz': 1, 'casper/initrd': 1 },
      'casper/vmlinuz is there, but no root file system (casper/*.squashfs): copy the whole disc',
    ],
    [
      'a kernel whose name would be two words',
      { 'casper/vmlinuz-6 quiet': 1, 'casper/initrd': 1, 'casper/filesystem.squashfs': 1 },
      'there is no casper/vmlinuz',
    ],
  ]);
});
