import { describe } from 'vitest';
import { MEBIBYTE, recognitionCases } from '../suite/recognition-cases.ts';
import { agama } from './agama.ts';
import { suse } from './suse.ts';

const X86 = { 'boot/x86_64/loader/linux': 1, 'boot/x86_64/loader/initrd': 1 };
const YAST = { ...X86, 'boot/x86_64/root': 1, 'boot/x86_64/common': 1, 'boot/x86_64/config': '' };

/** As the Full disc of SLE 12 SP5 has it, shortened. */
const CONTENT_12 = `CONTENTSTYLE     11
DATADIR          suse
DESCRDIR         suse/setup/descr
DISTRO           cpe:/o:suse:sles:12:sp5,SUSE Linux Enterprise Server 12 SP5
LABEL            SUSE Linux Enterprise Server 12 SP5
LINGUAS          cs da de en
`;

describe('openSUSE and SLE by YaST', () => {
  recognitionCases(suse, [
    [
      'Leap 15.6, whose discs have a .treeinfo as well',
      {
        ...YAST,
        'media.1/products': '/ openSUSE-Leap 15.6-1\n',
        '.treeinfo': '[general]\narch = x86_64\nfamily = openSUSE Leap\nversion = 15.6\n',
      },
      {
        title: 'openSUSE Leap 15.6',
        release: '15.6',
        architecture: 'x86_64',
        kernel: 'boot/x86_64/loader/linux',
        initrds: ['boot/x86_64/loader/initrd'],
        answerKind: 'autoyast',
        memoryMegabytes: { http: 1174, ftp: 1174, nfs: 1024 },
      },
    ],
    [
      'Tumbleweed, whose release is a date',
      { ...YAST, 'media.1/products': '/ openSUSE 20251101-0\n' },
      { title: 'openSUSE 20251101', release: '20251101' },
    ],
    [
      'SLE 15 SP6, whose Full disc holds many products',
      {
        ...YAST,
        'media.1/products': '/ SLE-15-SP6-Full 15.6-0\n/Module-Basesystem Basesystem-Module 15.6-0\n',
      },
      { title: 'SUSE Linux Enterprise Server 15.6', release: '15.6' },
    ],
    [
      'SLE 12 SP5, by its content',
      { ...YAST, content: CONTENT_12 },
      { title: 'SUSE Linux Enterprise Server 12 SP5', release: '12.5' },
    ],
    [
      'Leap for ppc64le, which has no loader/',
      {
        'boot/ppc64le/linux': 1,
        'boot/ppc64le/initrd': 1,
        'boot/ppc64le/root': 1,
        'media.1/products': '/ openSUSE-Leap 15.6-1\n',
      },
      { architecture: 'ppc64le', kernel: 'boot/ppc64le/linux', initrds: ['boot/ppc64le/initrd'] },
    ],
    [
      'SLE for s390x',
      { 'boot/s390x/linux': 1, 'boot/s390x/initrd': 1, 'boot/s390x/root': 1 },
      { title: 'SUSE Linux', architecture: 's390x' },
    ],
    [
      'a kernel without its initrd is none',
      { 'boot/x86_64/loader/linux': 1 },
      'there is no linux with its initrd in boot/<architecture>/ or its loader/',
    ],
    ['one without its installation system is none', X86, 'boot/x86_64/ has no installation system (root)'],
  ]);
});

const AGAMA_MENU = `set default=0
menuentry "Install openSUSE Leap 16.0" --class os --unrestricted {
    linux ($root)/boot/x86_64/loader/linux \${extra_cmdline} root=live:CDLABEL=Install-Leap-x86_64
    initrd ($root)/boot/x86_64/loader/initrd
}
menuentry "Failsafe -- Install openSUSE Leap 16.0" {
}
`;
const LIVE = { ...X86, 'LiveOS/squashfs.img': 900 * MEBIBYTE };

describe('SUSE by Agama', () => {
  recognitionCases(agama, [
    [
      'Leap 16, whose packages come from the network',
      { ...LIVE, 'boot/grub2/grub.cfg': AGAMA_MENU },
      {
        title: 'openSUSE Leap 16.0',
        release: '16.0',
        answerKind: 'agama',
        memoryMegabytes: { http: 3072, ftp: 3072 },
        note: 'it holds no packages: the installer takes them from the servers of its distribution, or from those that its profile or inst.install_url= names',
      },
    ],
    [
      'SLES 16 with its packages',
      {
        ...LIVE,
        'boot/grub2/grub.cfg': AGAMA_MENU.replaceAll('openSUSE Leap', 'SUSE Linux Enterprise Server'),
        'install/repodata/repomd.xml': '',
      },
      { title: 'SUSE Linux Enterprise Server 16.0', facts: { packages: 'install' } },
    ],
    [
      'a live disc with a desktop is none',
      { ...LIVE, 'boot/grub2/grub.cfg': 'menuentry "openSUSE_Tumbleweed_GNOME_Live" {\n}\n' },
      'boot/grub2/grub.cfg has no entry that installs: it is a live disc',
    ],
  ]);
});
