import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyCodePoint } from '../../lib/suite/any-text.ts';
import { kernelCommandLine } from '../answers/kernel-command-line.ts';
import { DISTRIBUTIONS, distributionOf } from './distributions/all.ts';
import type { InstallSource } from './install-source.ts';
import { recogniseTree } from './recognise-tree.ts';
import { inFolder, treeOfTexts } from './suite/tree-of-texts.ts';

describe('the surest sign wins', () => {
  const PXE = { 'images/pxeboot/vmlinuz': '', 'images/pxeboot/initrd.img': '' };
  for (const [name, files, title] of [
    [
      'a .treeinfo over a netboot tree beside it',
      {
        '.treeinfo': '[general]\nfamily = CentOS\nversion = 7\narch = x86_64\n',
        ...PXE,
        'debian-installer/amd64/linux': '',
        'debian-installer/amd64/initrd.gz': '',
      },
      'CentOS 7',
    ],
    [
      "SUSE's own files over the .treeinfo that its discs have as well",
      {
        '.treeinfo':
          '[general]\nfamily = openSUSE Leap\nversion = 15.6\narch = x86_64\n[images-x86_64]\nkernel = boot/x86_64/loader/linux\ninitrd = boot/x86_64/loader/initrd\n',
        'boot/x86_64/loader/linux': '',
        'boot/x86_64/loader/initrd': '',
        'boot/x86_64/root': '',
        'media.1/products': '/ openSUSE-Leap 15.6-1\n',
      },
      'openSUSE Leap 15.6',
    ],
    [
      'a live system over the installer that its disc has as well',
      {
        'live/vmlinuz': '',
        'live/initrd.img': '',
        'live/filesystem.squashfs': '',
        'install/vmlinuz': '',
        'install/initrd.gz': '',
        '.disk/info': 'Official Debian GNU/Linux Live 12.5.0 gnome 2024-02-10T11:07:25Z',
      },
      'Debian GNU/Linux Live 12.5.0 gnome 2024-02-10T11:07:25Z',
    ],
    [
      'a rescue system over the memory test on its disc',
      {
        'sysresccd/boot/x86_64/vmlinuz': '',
        'sysresccd/boot/x86_64/sysresccd.img': '',
        'sysresccd/x86_64/airootfs.sfs': '',
        'sysresccd/VERSION': '12.02\n',
        'boot/mt86plus': '',
      },
      'SystemRescue 12.02',
    ],
  ] as const) {
    test(name, async () => {
      expect(await recogniseTree(treeOfTexts(files))).toMatchObject({ recognised: true, tree: { title } });
    });
  }
});

test('where nothing is recognised, every family says why not', async () => {
  const recognition = await recogniseTree(treeOfTexts({ 'README.txt': 'hello' }));
  expect(recognition).toEqual({
    recognised: false,
    because: expect.stringMatching(/^nothing in it is known to boot \(not suse: .*; not memtest: .*\)$/),
  });
  for (const { family } of DISTRIBUTIONS) {
    expect(recognition).toMatchObject({ because: expect.stringContaining(`not ${family}: there is no `) });
  }
});

test('half a tree is told by what is missing, and by nothing else', async () => {
  expect(await recogniseTree(treeOfTexts({ 'casper/vmlinuz': '' }))).toEqual({
    recognised: false,
    because: 'nothing in it is known to boot (not casper: casper/vmlinuz is there, but no initrd beside it)',
  });
});

test('a tree that no row knows is told what its own menu starts', async () => {
  const recognition = await recogniseTree(
    treeOfTexts({
      'boot/grub/grub.cfg': 'menuentry "x" {\n  linux /boot/vm-1 root=LABEL=X\n  initrd /boot/rd-1\n}\n',
      'boot/vm-1': '',
      'boot/rd-1': '',
    }),
  );
  expect(recognition).toMatchObject({
    recognised: false,
    suggestion: { kernel: 'boot/vm-1', initrds: ['boot/rd-1'], arguments: 'root=LABEL=X' },
  });
});

test('an image of no known family is only files', async () => {
  const files = distributionOf('files');
  expect(distributionOf('something else')).toBe(files);
  expect(await files.recognise(treeOfTexts({}))).toMatchObject({
    recognised: true,
    tree: { family: 'files', answerKind: 'none', initrds: [] },
  });
});

/** For each row the files of a whole tree, those first that are read. */
const TREES: Readonly<Record<string, readonly string[]>> = {
  suse: [
    'media.1/products',
    'content',
    'boot/x86_64/loader/linux',
    'boot/x86_64/loader/initrd',
    'boot/x86_64/root',
  ],
  agama: [
    'boot/grub2/grub.cfg',
    'boot/x86_64/loader/linux',
    'boot/x86_64/loader/initrd',
    'LiveOS/squashfs.img',
  ],
  rhel: ['.treeinfo', 'images/pxeboot/vmlinuz', 'images/pxeboot/initrd.img'],
  coreos: [
    'isolinux/isolinux.cfg',
    'images/pxeboot/vmlinuz',
    'images/pxeboot/initrd.img',
    'images/pxeboot/rootfs.img',
  ],
  casper: ['.disk/info', 'casper/vmlinuz', 'casper/initrd', 'casper/x.squashfs'],
  proxmox: ['.cd-info', '.pve-cd-id.txt', 'boot/linux26', 'boot/initrd.img'],
  live: ['.disk/info', 'live/vmlinuz', 'live/initrd.img', 'live/filesystem.squashfs'],
  clonezilla: ['Clonezilla-Live-Version', 'live/vmlinuz', 'live/initrd.img', 'live/filesystem.squashfs'],
  debian: ['version.info', 'debian-installer/amd64/linux', 'debian-installer/amd64/initrd.gz'],
  disc: ['.disk/info', 'install.amd/vmlinuz', 'dists/trixie/Release'],
  archiso: [
    'arch/version',
    'arch/x86_64/airootfs.sfs',
    'arch/boot/x86_64/vmlinuz-linux',
    'arch/boot/x86_64/initramfs-linux.img',
  ],
  alpine: [
    '.alpine-release',
    'boot/vmlinuz-lts',
    'boot/initramfs-lts',
    'boot/modloop-lts',
    'apks/x86_64/APKINDEX.tar.gz',
  ],
  flatcar: ['version.txt', 'flatcar_production_pxe.vmlinuz', 'flatcar_production_pxe_image.cpio.gz'],
  nixos: ['netboot.ipxe', 'bzImage', 'initrd'],
  dracut: ['EFI/BOOT/grub.cfg', 'images/pxeboot/vmlinuz', 'images/pxeboot/initrd.img', 'LiveOS/squashfs.img'],
  windows: ['sources/boot.wim', 'boot/bcd', 'boot/boot.sdi', 'sources/install.wim'],
  esxi: ['BOOT.CFG', 'B.B00'],
  bsd: ['bin/freebsd-version', 'boot/kernel/kernel'],
  generic: ['boot/grub/grub.cfg', 'isolinux/isolinux.cfg', 'vmlinuz', 'initrd'],
};
const HOSTILE = fc.oneof(
  fc.string({ unit: anyCodePoint, maxLength: 200 }),
  fc.constantFrom(
    '[general]\nfamily = CentOS\u0000"x"\nversion = 9\u2028 x\n[images-x86_64]\nkernel = images/pxeboot/vm linuz\n',
    'menuentry "Install \u0007x 16" {\n',
    `kernel bzImage init=/nix/store/${'a'.repeat(32)}-nixos-system-x-25.05.1/init loglevel=4 x="y"`,
    '[general]\nfamily = a\u0000b"c\u2028 d\nversion = 1 2"\narch = ../../x\n[images-../../x]\nkernel = /etc/pa sswd\n',
    "PRODUCT='pve'\nRELEASE='8 ; rm'\n",
    'kernel bzImage init=/nix/store/../../bin/sh" x\n',
    'Ubuntu-Server 24.04 "\r\n\u001B[2J" - Release amd64',
    'linux /a b" initrd=../../etc/passwd\nkernel=x\nmodules=y\nprefix="a\u0007"\nbuild=9\n',
    `/ ${'x'.repeat(5000)} 1\nLABEL ${'y'.repeat(5000)}`,
  ),
);
const SOURCES: readonly InstallSource[] = [
  { protocol: 'http', url: 'http://192.0.2.1/images/x', disc: 'http://192.0.2.1/images/x.iso' },
  { protocol: 'ftp', url: 'ftp://192.0.2.1/images/x' },
  { protocol: 'nfs', server: '192.0.2.1', path: '/images/x' },
];

const HOSTILE_TREE = fc
  .constantFrom(...Object.values(TREES))
  .chain((names) =>
    fc.tuple(fc.constant(names), fc.array(HOSTILE, { minLength: 2, maxLength: names.length })),
  );

test('whatever a tree holds, what is recognised is one line and goes on a command line', async () => {
  const recognised = new Set<string>();
  await fc.assert(
    fc.asyncProperty(HOSTILE_TREE, fc.constantFrom(...SOURCES), async ([names, texts], source) => {
      const files = Object.fromEntries(names.map((name, index) => [name, texts[index] ?? '']));
      const recognition = await recogniseTree(treeOfTexts({ ...files, ...inFolder('odd "x"', files) }));
      if (!recognition.recognised) return;
      const { title, release, architecture, family, facts, kernel, initrds } = recognition.tree;
      recognised.add(family);
      for (const text of [title, release, architecture]) {
        expect(text).toMatch(/^[^\p{Cc}\p{Zl}\p{Zp}]{0,220}$/u);
      }
      for (const path of [kernel ?? 'none', ...initrds]) expect(path).toMatch(/^[\w.+~/-]+$/);
      const row = distributionOf(family);
      if (row.sources.every(({ protocol }) => protocol !== source.protocol)) return;
      const image = { title, release, ...(facts ? { facts } : {}) };
      const boot = { image, urls: { source, answer: 'http://192.0.2.1/i/t/a' }, hostName: 'a' };
      expect(() => kernelCommandLine(row.installerArguments(boot), '')).not.toThrow();
      expect(() => kernelCommandLine(row.attendedArguments(image, source), '')).not.toThrow();
    }),
    { numRuns: 1500 },
  );
  // The property is worth something only where trees get that far.
  expect(recognised.size).toBeGreaterThan(12);
});
