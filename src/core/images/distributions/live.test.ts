import { describe } from 'vitest';
import { MEBIBYTE, recognitionCases } from '../suite/recognition-cases.ts';
import { dracutLive } from './dracut-live.ts';
import { live } from './live.ts';

const SYSTEM = { 'live/filesystem.squashfs': 400 * MEBIBYTE };
const PLAIN = { 'live/vmlinuz': 1, 'live/initrd.img': 1, ...SYSTEM };

describe('live and rescue discs by live-boot', () => {
  recognitionCases(live, [
    [
      'Debian live, of whose kernels the newest is taken with its own initrd',
      {
        'live/vmlinuz-6.1.0-18-amd64': 1,
        'live/initrd.img-6.1.0-18-amd64': 1,
        'live/vmlinuz-6.1.0-25-amd64': 1,
        'live/initrd.img-6.1.0-25-amd64': 1,
        ...SYSTEM,
        '.disk/info': 'Official Debian GNU/Linux Live 12.5.0 gnome 2024-02-10T11:07:25Z\n',
      },
      {
        title: 'Debian GNU/Linux Live 12.5.0 gnome 2024-02-10T11:07:25Z',
        release: '12.5.0',
        kernel: 'live/vmlinuz-6.1.0-25-amd64',
        initrds: ['live/initrd.img-6.1.0-25-amd64'],
        answerKind: 'none',
        facts: { system: 'live/filesystem.squashfs' },
        memoryMegabytes: { http: 1024, ftp: 1024 },
      },
    ],
    [
      'Kali live, which has its installer beside',
      {
        ...PLAIN,
        'install/vmlinuz': 1,
        'install/initrd.gz': 1,
        '.disk/info': 'Kali GNU/Linux 2025.3 "Kali-last-snapshot" - Official Snapshot amd64 LIVE Binary\n',
      },
      { title: 'Kali GNU/Linux 2025.3 "Kali-last-snapshot"', release: '2025.3', architecture: 'x86_64' },
    ],
    [
      'Clonezilla',
      {
        ...PLAIN,
        'Clonezilla-Live-Version': 'clonezilla-live-3.2.2-15-amd64\nThis Clonezilla live was created by:\n',
      },
      {
        title: 'Clonezilla live 3.2.2-15',
        release: '3.2.2-15',
        facts: { system: 'live/filesystem.squashfs', kind: 'clonezilla' },
      },
    ],
    [
      'GParted, of 32 bits',
      { ...PLAIN, 'live/GParted-Live-Version': 'gparted-live-1.6.0-3-i686\n' },
      {
        title: 'GParted live 1.6.0-3',
        architecture: 'i686',
        facts: { system: 'live/filesystem.squashfs', kind: 'gparted' },
      },
    ],
    [
      'a root file system of another name',
      { 'live/vmlinuz': 1, 'live/initrd': 1, 'live/rootfs.squashfs': 1 },
      { title: 'Live system by live-boot', facts: { system: 'live/rootfs.squashfs' } },
    ],
    [
      'an initrd of another kernel is none',
      { 'live/vmlinuz-6.1': 1, 'live/initrd.img-6.0': 1, ...SYSTEM },
      'live/vmlinuz-6.1 is there, but no initrd beside it',
    ],
    [
      'one without its root file system',
      { 'live/vmlinuz': 1, 'live/initrd.img': 1, 'live/file system.squashfs': 1 },
      'live/vmlinuz is there, but no root file system (live/filesystem.squashfs)',
    ],
  ]);
});

describe('live discs by dracut', () => {
  const FEDORA = {
    'LiveOS/squashfs.img': 2100 * MEBIBYTE,
    'images/pxeboot/vmlinuz': 1,
    'images/pxeboot/initrd.img': 1,
  };
  recognitionCases(dracutLive, [
    [
      'Fedora Workstation up to 41',
      {
        ...FEDORA,
        'EFI/BOOT/grub.cfg':
          'set default="1"\n\nmenuentry \'Start Fedora-Workstation-Live 41\' --class fedora {\n\tlinux /images/pxeboot/vmlinuz root=live:CDLABEL=Fedora-WS-Live-41\n}\n',
      },
      {
        title: 'Fedora-Workstation-Live 41',
        release: '41',
        kernel: 'images/pxeboot/vmlinuz',
        memoryMegabytes: { http: 3328, ftp: 3328, nfs: 3328 },
      },
    ],
    [
      'Fedora since 42, whose discs KIWI makes',
      {
        'LiveOS/squashfs.img': 1,
        'boot/aarch64/loader/linux': 1,
        'boot/aarch64/loader/initrd': 1,
        'boot/grub2/grub.cfg': 'menuentry "Start Fedora-KDE-Desktop-Live 42" {\n}\n',
      },
      { title: 'Fedora-KDE-Desktop-Live 42', architecture: 'aarch64', kernel: 'boot/aarch64/loader/linux' },
    ],
    [
      'one whose menu says nothing',
      { ...FEDORA, 'EFI/BOOT/grub.cfg': 'x' },
      { title: 'Live system by dracut', release: '' },
    ],
    [
      'one without a kernel',
      { 'LiveOS/squashfs.img': 1 },
      'LiveOS/squashfs.img is there, but no kernel with its initrd',
    ],
  ]);
});
