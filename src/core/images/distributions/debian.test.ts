import { describe, expect, test } from 'vitest';
import { parseMac } from '../../../lib/addresses.ts';
import { treeOfTexts } from '../suite/tree-of-texts.ts';
import { debian, debianCodename } from './debian.ts';

/** As netboot.tar.gz of Debian 12 has it. */
const VERSION_INFO = 'Debian version:  12 (bookworm)\nInstaller build: 20230607+deb12u15\n';
const F1 =
  '\f\u0018\nThis is a Debian 11 (bullseye) installation netboot image.\nIt was built on 20210731.\n';

function netboot(root: string, vendor = 'debian-installer', name = 'amd64'): Record<string, string> {
  return { [`${root}${vendor}/${name}/linux`]: '', [`${root}${vendor}/${name}/initrd.gz`]: '' };
}

describe('a netboot tree is recognised', () => {
  const cases: readonly (readonly [string, Readonly<Record<string, string>>, object])[] = [
    [
      'at the top',
      { ...netboot(''), 'version.info': VERSION_INFO },
      {
        title: 'Debian 12 (bookworm)',
        release: '12',
        architecture: 'x86_64',
        kernel: 'debian-installer/amd64/linux',
        initrds: ['debian-installer/amd64/initrd.gz'],
      },
    ],
    [
      'one folder below',
      { ...netboot('netboot/'), 'netboot/version.info': VERSION_INFO },
      { title: 'Debian 12 (bookworm)', kernel: 'netboot/debian-installer/amd64/linux' },
    ],
    [
      'by its help page where version.info is missing',
      { ...netboot(''), 'debian-installer/amd64/boot-screens/f1.txt': F1 },
      { title: 'Debian 11 (bullseye)', release: '11' },
    ],
    ['without any version', netboot(''), { title: 'Debian', release: '' }],
    ['of arm64', netboot('', 'debian-installer', 'arm64'), { architecture: 'aarch64' }],
    [
      "in a mirror's dists",
      netboot('dists/trixie/main/installer-amd64/current/images/netboot/'),
      { kernel: 'dists/trixie/main/installer-amd64/current/images/netboot/debian-installer/amd64/linux' },
    ],
    [
      "on Ubuntu's server disc up to 20.04",
      { ...netboot('install/netboot/', 'ubuntu-installer'), 'install/vmlinuz': '' },
      { title: 'Ubuntu', kernel: 'install/netboot/ubuntu-installer/amd64/linux' },
    ],
  ];
  for (const [name, files, expected] of cases) {
    test(name, async () => {
      expect(await debian.recognise(treeOfTexts(files))).toMatchObject({
        recognised: true,
        tree: { family: 'debian', answerKind: 'preseed', ...expected },
      });
    });
  }
});

test("a disc's tree is recognised, boots nothing, and says what to do", async () => {
  const recognition = await debian.recognise(
    treeOfTexts({
      '.disk/info':
        'Debian GNU/Linux 12.4.0 "Bookworm" - Official amd64 DVD Binary-1 with firmware 20231210-17:57\n',
      'install.amd/vmlinuz': '',
      'install.amd/initrd.gz': '',
    }),
  );
  const archive =
    'https://deb.debian.org/debian/dists/bookworm/main/installer-amd64/current/images/netboot/netboot.tar.gz';
  expect(recognition).toEqual({
    recognised: true,
    tree: {
      family: 'debian',
      title: 'Debian GNU/Linux 12.4.0 "Bookworm" (disc, packages only)',
      release: '12.4.0',
      architecture: 'x86_64',
      initrds: [],
      answerKind: 'preseed',
      needs: `netboot.tar.gz of the same release (${archive})`,
      note: `the installer in install.amd looks for a disc and not for the network, so this image boots nothing: unpack netboot.tar.gz of the same release (${archive}) into a folder of its own and add that too; the variables mirror and mirror_unsigned make it install the packages of this disc, as long as the archive is of the same point release: kernel modules of another build do not fit`,
    },
  });
});

describe('the archive that goes with a disc', () => {
  for (const [info, files, archive] of [
    [
      'Debian GNU/Linux 13.1.0 "Trixie" - Official arm64 NETINST with firmware 20250906-10:22',
      { 'install.a64/vmlinuz': '', 'dists/trixie/Release': '', 'dists/stable/Release': '' },
      'https://deb.debian.org/debian/dists/trixie/main/installer-arm64/current/images/netboot/netboot.tar.gz',
    ],
    [
      'Kali GNU/Linux 2025.3 "Kali-last-snapshot" - Official amd64 BD Binary-1 with firmware 20250918-01:43',
      { 'install.amd/vmlinuz': '', 'dists/kali-rolling/Release': '' },
      'https://http.kali.org/kali/dists/kali-rolling/main/installer-amd64/current/images/netboot/netboot.tar.gz',
    ],
    [
      'Ubuntu-Server 20.04.1 LTS "Focal Fossa" - Release amd64 (20200731)',
      { 'install/vmlinuz': '', 'dists/focal/Release': '', 'dists/stable/Release': '' },
      'http://archive.ubuntu.com/ubuntu/dists/focal/main/installer-amd64/current/legacy-images/netboot/netboot.tar.gz',
    ],
    ['Example Linux 3 - amd64', { 'install.amd/vmlinuz': '' }, undefined],
  ] as const) {
    test(`${info.split(' - ', 1)[0]}: ${archive ?? 'is not known'}`, async () => {
      const recognition = await debian.recognise(treeOfTexts({ '.disk/info': info, ...files }));
      const wanted = archive === undefined ? '' : ` (${archive})`;
      expect(recognition).toMatchObject({
        tree: { needs: `netboot.tar.gz of the same release${wanted}`, initrds: [] },
      });
    });
  }
});

describe('a tree is not taken for the family, and the reason says why', () => {
  for (const [name, files, because] of [
    [
      'an empty one',
      {},
      'there is no debian-installer/<architecture>/initrd.gz, neither at the top nor one folder below',
    ],
    [
      'one without a kernel',
      { 'debian-installer/amd64/initrd.gz': '' },
      'debian-installer/amd64/initrd.gz is there, but no kernel (linux) beside it',
    ],
  ] as const) {
    test(name, async () => {
      expect(await debian.recognise(treeOfTexts(files))).toMatchObject({ recognised: false, because });
    });
  }
});

test('the installer is told what it must know before it has a network', () => {
  const urls = {
    source: { protocol: 'http', url: 'http://192.168.122.1:8080/images/x' } as const,
    answer: 'http://192.168.122.1:8080/installs/t/preseed.cfg',
  };
  const boot = { image: { title: 'Debian 12 (bookworm)', release: '12' }, urls, hostName: 'web01' };
  expect(debian.installerArguments(boot).join(' ')).toBe(
    'auto=true priority=critical url=http://192.168.122.1:8080/installs/t/preseed.cfg interface=auto hostname=web01 netcfg/link_wait_timeout=20 netcfg/dhcp_timeout=60',
  );
  const withMore = { ...boot, domain: 'example.org', bootMac: parseMac('52:54:00:12:34:56') };
  expect(debian.installerArguments(withMore)).toEqual(
    expect.arrayContaining(['domain=example.org', 'BOOTIF=01-52-54-00-12-34-56']),
  );
});

describe('the suite is the code name', () => {
  for (const [title, release, codename] of [
    ['Debian 12 (bookworm)', '12', 'bookworm'],
    ['Debian GNU/Linux 12.4.0', '12.4.0', 'bookworm'],
    ['Debian testing (trixie)', '', 'trixie'],
    ['Ubuntu 20.04 (focal)', '20.04', 'focal'],
    ['Ubuntu', '18.04', 'bionic'],
    ['Debian', '', undefined],
    ['Debian (nothing)', '99', undefined],
  ] as const) {
    test(`of ${title}, release "${release}": ${codename}`, () =>
      expect(debianCodename({ title, release })).toBe(codename));
  }
});
