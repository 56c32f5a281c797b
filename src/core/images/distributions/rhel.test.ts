import { describe, expect, test } from 'vitest';
import { parseMac } from '../../../lib/addresses.ts';
import { treeOfTexts } from '../suite/tree-of-texts.ts';
import { enterpriseLevel } from './enterprise-level.ts';
import { rhel } from './rhel.ts';
import { parseTreeinfo } from './treeinfo.ts';

const PXE_FILES = { 'images/pxeboot/vmlinuz': '', 'images/pxeboot/initrd.img': '' };

/** As the disc of CentOS 6.3 has it, shortened. */
const CENTOS_6 = `[general]
family = CentOS
timestamp = 1341569670.15
variant =
totaldiscs = 1
version = 6.3
discnum = 1
packagedir =
arch = x86_64

[images-x86_64]
kernel = images/pxeboot/vmlinuz
initrd = images/pxeboot/initrd.img
boot.iso = images/boot.iso

[images-xen]
kernel = images/pxeboot/vmlinuz
initrd = images/pxeboot/initrd.img

[stage2]
mainimage = images/install.img
`;

/** As productmd writes it since EL 8, shortened. */
const ROCKY_9 = `[checksums]
images/efiboot.img = sha256:0f4f3a
images/install.img = sha256:58d0a1

[general]
; WARNING.0 = This section provides compatibility with pre-productmd treeinfos.
; WARNING.1 = Read productmd documentation for details about new format.
arch = x86_64
family = Rocky Linux
name = Rocky Linux 9.4
packagedir = AppStream/Packages
platforms = x86_64,xen
repository = AppStream
timestamp = 1714768320
variant = AppStream
variants = AppStream,BaseOS
version = 9.4

[header]
type = productmd.treeinfo
version = 1.2

[images-x86_64]
efiboot.img = images/efiboot.img
initrd = images/pxeboot/initrd.img
kernel = images/pxeboot/vmlinuz

[release]
name = Rocky Linux
short = Rocky
version = 9.4

[tree]
arch = x86_64
build_timestamp = 1714768320
platforms = x86_64,xen
variants = AppStream,BaseOS
`;

describe('a tree with a .treeinfo is recognised', () => {
  const cases: readonly (readonly [string, Readonly<Record<string, string>>, object])[] = [
    [
      'in the old form (CentOS 6.3)',
      { '.treeinfo': CENTOS_6, ...PXE_FILES },
      { title: 'CentOS 6.3', release: '6.3', architecture: 'x86_64' },
    ],
    [
      "in productmd's form (Rocky Linux 9.4)",
      { '.treeinfo': ROCKY_9, ...PXE_FILES },
      { title: 'Rocky Linux 9.4', release: '9.4', architecture: 'x86_64' },
    ],
    [
      'without the dot, with line ends of DOS',
      { treeinfo: CENTOS_6.replaceAll('\n', '\r\n'), ...PXE_FILES },
      { title: 'CentOS 6.3', release: '6.3' },
    ],
    [
      'where only [release] and [tree] are left (arm64)',
      {
        '.treeinfo':
          '[release]\nname=Fedora\nversion=42\n[tree]\narch=aarch64\n[images-aarch64]\nkernel=images/pxeboot/vmlinuz\ninitrd=images/pxeboot/initrd.img\n',
        ...PXE_FILES,
      },
      { title: 'Fedora 42', release: '42', architecture: 'aarch64' },
    ],
    [
      'without [images-…], at the usual place',
      { '.treeinfo': '[general]\nfamily = Example Linux\nversion = 3\narch = x86_64\n', ...PXE_FILES },
      { title: 'Example Linux 3', kernel: 'images/pxeboot/vmlinuz' },
    ],
    [
      'with kernel and initrd elsewhere',
      {
        '.treeinfo':
          '[general]\nfamily=CentOS\nversion=5.11\narch=i386\n[images-i386]\nkernel=isolinux/vmlinuz\ninitrd=isolinux/initrd.img\n',
        'isolinux/vmlinuz': '',
        'isolinux/initrd.img': '',
      },
      { kernel: 'isolinux/vmlinuz', initrds: ['isolinux/initrd.img'], architecture: 'i386' },
    ],
  ];
  for (const [name, files, expected] of cases) {
    test(name, async () => {
      const recognition = await rhel.recognise(treeOfTexts(files));
      expect(recognition).toMatchObject({
        recognised: true,
        tree: { family: 'rhel', answerKind: 'kickstart', ...expected },
      });
    });
  }
});

describe('a tree is not taken for the family, and the reason says why', () => {
  for (const [name, files, because] of [
    ['an empty one', {}, 'there is no .treeinfo'],
    [
      'one whose .treeinfo names nothing',
      { '.treeinfo': 'hello' },
      '.treeinfo names no family and version in [release] or [general]',
    ],
    [
      'one without its images',
      { '.treeinfo': CENTOS_6 },
      '.treeinfo is of CentOS 6.3, but images/pxeboot/vmlinuz is missing: copy the whole disc, or the folder images/ as well',
    ],
    [
      'one whose kernel is said to be outside',
      {
        '.treeinfo': CENTOS_6.replaceAll('images/pxeboot/vmlinuz', '../../etc/passwd'),
        'images/pxeboot/initrd.img': '',
      },
      '.treeinfo is of CentOS 6.3, but ../../etc/passwd is missing: copy the whole disc, or the folder images/ as well',
    ],
  ] as const) {
    test(name, async () => {
      expect(await rhel.recognise(treeOfTexts(files))).toMatchObject({ recognised: false, because });
    });
  }
});

test('a title out of a tree is one line of bounded length', async () => {
  const files = {
    '.treeinfo': `[general]\nfamily = A\u0085\u0007B${'x'.repeat(500)}\nversion = 1\n`,
    ...PXE_FILES,
  };
  const recognition = await rhel.recognise(treeOfTexts(files));
  expect(recognition.recognised && recognition.tree.title).toMatch(/^A Bx{97} 1$/);
});

describe('the installer is told its answer file and its tree in the words of its release', () => {
  const url = 'http://192.168.122.1:8080/images/x';
  const urls = {
    source: { protocol: 'http', url } as const,
    answer: 'http://192.168.122.1:8080/installs/t/ks.cfg',
  };
  const old = [`ks=${urls.answer}`, `method=${url}`, 'ksdevice=bootif'];
  const since7 = [`inst.ks=${urls.answer}`, `inst.repo=${url}`, 'ip=dhcp'];
  for (const [title, release, words] of [
    ['CentOS 5.11', '5.11', old],
    ['CentOS 6.3', '6.3', old],
    ['Red Hat Enterprise Linux 6.10', '6.10', old],
    ['CentOS 7', '7', since7],
    ['AlmaLinux 8.10', '8.10', since7],
    ['CentOS Stream 10', '10', since7],
    ['Fedora 16', '16', old],
    ['Fedora 42', '42', since7],
    ['Fedora Rawhide', 'Rawhide', since7],
    ['Example Linux 3', '3', since7],
  ] as const) {
    test(title, () => {
      expect(rhel.installerArguments({ image: { title, release }, urls, hostName: 'web01' })).toEqual(words);
    });
  }

  test('and to take an IPv6 address where its server has one', () => {
    const image = { title: 'Fedora 42', release: '42' };
    const there = {
      source: { protocol: 'http', url: 'http://[fd00::1]:8080/images/x' } as const,
      answer: 'http://[fd00::1]:8080/installs/t/ks.cfg',
    };
    expect(rhel.installerArguments({ image, urls: there, hostName: 'web01' })).toContain('ip=auto6');
    expect(rhel.attendedArguments(image, there.source)).toEqual([
      'inst.repo=http://[fd00::1]:8080/images/x',
      'ip=auto6',
    ]);
  });

  test('and the network card, for loaders that do not say it', () => {
    const bootMac = parseMac('52:54:00:12:34:56');
    const words = rhel.installerArguments({
      image: { title: 'CentOS 7', release: '7' },
      urls,
      hostName: 'a',
      bootMac,
    });
    expect(words).toEqual([...since7, 'BOOTIF=01-52-54-00-12-34-56']);
  });
});

describe('the level is that of Red Hat, of its kin, or as Fedora led to it', () => {
  for (const [title, release, level] of [
    ['CentOS 5.11', '5.11', 5],
    ['CentOS 6.3', '6.3', 6],
    ['CentOS Linux 8', '8', 8],
    ['CentOS Stream 9', '9', 9],
    ['Oracle Linux 10.0', '10.0', 10],
    ['Scientific Linux 7.9', '7.9', 7],
    ['Fedora 11', '11', 5],
    ['Fedora 14', '14', 6],
    ['Fedora 19', '19', 7],
    ['Fedora 33', '33', 8],
    ['Fedora 34', '34', 9],
    ['Fedora 40', '40', 10],
    ['Fedora Rawhide', 'Rawhide', 10],
    ['openEuler 22.03', '22.03', 9],
    ['Example Linux', '', 9],
  ] as const) {
    test(`${title} is ${level}`, () => expect(enterpriseLevel({ title, release })).toBe(level));
  }
});

test('a .treeinfo is read as far as it makes sense', () => {
  const info = parseTreeinfo('lost = 1\n[a]\nKey: v = w\n nothing\n=x\n# c\n; c\n[b\nx = 1\n[a]\nmore =\n');
  expect([...info].map(([section, entries]) => [section, [...entries]])).toEqual([
    [
      'a',
      [
        ['key', 'v = w'],
        ['x', '1'],
        ['more', ''],
      ],
    ],
  ]);
});
