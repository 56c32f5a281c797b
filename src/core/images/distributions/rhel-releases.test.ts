import { describe, expect, test } from 'vitest';
import { MEBIBYTE, recognitionCases } from '../suite/recognition-cases.ts';
import { treeOfTexts } from '../suite/tree-of-texts.ts';
import { rhel } from './rhel.ts';

const PXE = { 'images/pxeboot/vmlinuz': 1, 'images/pxeboot/initrd.img': 1 };

function general(family: string, version: string, arch: string, more = ''): string {
  return `[general]\nfamily = ${family}\ntimestamp = 1.0\nvariant = \nversion = ${version}\npackagedir = \narch = ${arch}\n${more}`;
}

/** As productmd writes it since EL 8, shortened to what is read. */
function productmd(name: string, version: string, arch: string, repository = 'BaseOS'): string {
  return `[header]\ntype = productmd.treeinfo\nversion = 1.2\n\n[release]\nname = ${name}\nshort = X\nversion = ${version}\n\n[tree]\narch = ${arch}\nvariants = ${repository}\n\n[stage2]\nmainimage = images/install.img\n\n[variant-${repository}]\nid = ${repository}\nrepository = ${repository}\npackages = ${repository}/Packages\n`;
}

describe('releases of the family, and the memory they take', () => {
  recognitionCases(rhel, [
    [
      'CentOS 5.11, whose packages lie in CentOS/',
      { '.treeinfo': general('CentOS', '5.11', 'i386'), ...PXE, 'images/stage2.img': 90 * MEBIBYTE },
      { title: 'CentOS 5.11', memoryMegabytes: { http: 512, ftp: 512, nfs: 512 } },
    ],
    [
      'CentOS 6.10',
      {
        '.treeinfo': general('CentOS', '6.10', 'x86_64', '[stage2]\nmainimage = images/install.img\n'),
        ...PXE,
      },
      { release: '6.10', memoryMegabytes: { http: 1024, ftp: 1024, nfs: 1024 } },
    ],
    [
      'CentOS 7.9, whose second stage is a live system',
      {
        '.treeinfo': general('CentOS', '7', 'x86_64', '[stage2]\nmainimage = LiveOS/squashfs.img\n'),
        ...PXE,
        'LiveOS/squashfs.img': 500 * MEBIBYTE,
        'repodata/repomd.xml': '',
      },
      { title: 'CentOS 7', memoryMegabytes: { http: 1536, ftp: 1536, nfs: 768 } },
    ],
    [
      'Red Hat Enterprise Linux 8.10',
      {
        '.treeinfo': productmd('Red Hat Enterprise Linux', '8.10', 'x86_64'),
        ...PXE,
        'BaseOS/repodata/repomd.xml': '',
        'AppStream/repodata/repomd.xml': '',
      },
      { title: 'Red Hat Enterprise Linux 8.10', memoryMegabytes: { http: 3072, ftp: 3072, nfs: 1536 } },
    ],
    [
      'AlmaLinux 9.6 for arm64',
      { '.treeinfo': productmd('AlmaLinux', '9.6', 'aarch64'), ...PXE, 'BaseOS/repodata/repomd.xml': '' },
      { architecture: 'aarch64', memoryMegabytes: { http: 4096, ftp: 4096, nfs: 1536 } },
    ],
    [
      'Rocky Linux 10 for ppc64le, with its kernel where the firmware looks',
      {
        '.treeinfo': `${productmd('Rocky Linux', '10.0', 'ppc64le')}[images-ppc64le]\nkernel = ppc/ppc64/vmlinuz\ninitrd = ppc/ppc64/initrd.img\n`,
        'ppc/ppc64/vmlinuz': 1,
        'ppc/ppc64/initrd.img': 1,
        'BaseOS/repodata/repomd.xml': '',
      },
      {
        architecture: 'ppc64le',
        kernel: 'ppc/ppc64/vmlinuz',
        memoryMegabytes: { http: 4096, ftp: 4096, nfs: 3072 },
      },
    ],
    [
      'CentOS Stream 9 for s390x',
      {
        '.treeinfo': `${productmd('CentOS Stream', '9', 's390x')}[images-s390x]\nkernel = images/kernel.img\ninitrd = images/initrd.img\n`,
        'images/kernel.img': 1,
        'images/initrd.img': 1,
        'BaseOS/repodata/repomd.xml': '',
      },
      { title: 'CentOS Stream 9', architecture: 's390x', kernel: 'images/kernel.img' },
    ],
    [
      'Fedora 42 Server, whose second stage is larger than the usual',
      {
        '.treeinfo': productmd('Fedora', '42', 'x86_64', '.'),
        ...PXE,
        'images/install.img': 2200 * MEBIBYTE,
        'repodata/repomd.xml': '',
      },
      { title: 'Fedora 42', memoryMegabytes: { http: 3328, ftp: 3328, nfs: 1536 } },
    ],
    [
      'Oracle Linux 9, copied without images/',
      {
        '.treeinfo': productmd('Oracle Linux Server', '9.5', 'x86_64'),
        'isolinux/vmlinuz': 1,
        'isolinux/initrd.img': 1,
        'BaseOS/repodata/repomd.xml': '',
      },
      { title: 'Oracle Linux Server 9.5', kernel: 'isolinux/vmlinuz', initrds: ['isolinux/initrd.img'] },
    ],
    [
      'a boot disc without packages',
      { '.treeinfo': productmd('Rocky Linux', '9.6', 'x86_64'), ...PXE },
      {
        facts: { packages: 'none' },
        note: 'it holds an installer but no packages, as a boot or netinst disc does: give the profile a template of your own whose "url --url=" names a package mirror',
      },
    ],
    [
      'one with half of its pair',
      { '.treeinfo': general('CentOS', '7', 'x86_64'), 'images/pxeboot/vmlinuz': 1 },
      '.treeinfo is of CentOS 7, but images/pxeboot/initrd.img is missing: copy the whole disc, or the folder images/ as well',
    ],
    [
      'one whose kernel would be two words',
      {
        '.treeinfo': general(
          'CentOS',
          '7',
          'x86_64',
          '[images-x86_64]\nkernel = images/pxeboot/vmlinuz quiet\n',
        ),
        'images/pxeboot/vmlinuz quiet': 1,
        'images/pxeboot/initrd.img': 1,
      },
      '.treeinfo is of CentOS 7, but the name "images/pxeboot/vmlinuz quiet" cannot stand in a loader\'s script: copy the whole disc, or the folder images/ as well',
    ],
  ]);
});

test('a .treeinfo of 10 MiB is read to its limit, in little time', async () => {
  const line = `a${' '.repeat(1023)}`;
  for (const rest of [' '.repeat(10 * MEBIBYTE), `${line}\n`.repeat(10 * 1024), '['.repeat(10 * MEBIBYTE)]) {
    const files = { '.treeinfo': `${general('CentOS', '7', 'x86_64')}${rest}`, ...PXE };
    const begun = performance.now();
    expect(await rhel.recognise(treeOfTexts(files))).toMatchObject({ recognised: true });
    expect(performance.now() - begun).toBeLessThan(2000);
  }
});
