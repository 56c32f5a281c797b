import { describe, expect, test } from 'vitest';
import type { IpAddress, MacAddress } from '../../../lib/addresses.ts';
import type { InstallSource } from '../install-source.ts';
import { DISTRIBUTIONS, distributionOf } from './all.ts';
import type { BootImage } from './distribution.ts';

const ANSWER = 'http://192.0.2.1:8080/installs/t/answer';
const LIVE_CONFIG = 'http://192.0.2.1:8080/installs/t/live.ign';
const HTTP: InstallSource = {
  protocol: 'http',
  url: 'http://192.0.2.1:8080/images/x',
  disc: 'http://192.0.2.1:8080/discs/x.iso',
};
const FTP: InstallSource = { protocol: 'ftp', url: 'ftp://192.0.2.1/images/x' };
const NFS: InstallSource = { protocol: 'nfs', server: '192.0.2.1', path: '/images/x' };
const HTTP6: InstallSource = { protocol: 'http', url: 'http://[fd00::1]:8080/images/x' };
const NFS6: InstallSource = { protocol: 'nfs', server: 'fd00::1', path: '/images/x' };
const FOLDER: InstallSource = { protocol: 'http', url: 'http://192.0.2.1:8080/images/x' };

const INIT = '/nix/store/0123456789abcdfghijklmnpqrsvwxyz-nixos-system-a-25.05/init';
const CENTOS_6 = { title: 'CentOS 6.10', release: '6.10' };
const ROCKY_9 = { title: 'Rocky Linux 9.6', release: '9.6' };
const BOOT_DISC = { ...ROCKY_9, facts: { packages: 'none' } };
const LEAP = { title: 'openSUSE Leap 15.6', release: '15.6' };
const SLES_16 = { title: 'SLES 16', release: '16.0', facts: { packages: 'install' } };
const NOBLE = { title: 'Ubuntu-Server 24.04', release: '24.04' };
const DEBIAN = { title: 'Debian 13 (trixie)', release: '13' };
const LIVE = { title: 'Debian live', release: '13', facts: { system: 'live/filesystem.squashfs' } };
const CLONEZILLA = { ...LIVE, facts: { ...LIVE.facts, kind: 'clonezilla' } };
const RESCUE = { title: 'SystemRescue', release: '12', facts: { base: 'sysresccd' } };
const ALPINE = { title: 'Alpine', release: '3.22', facts: { modloop: 'boot/modloop-lts', packages: 'apks' } };
const ALPINE_BARE = { ...ALPINE, facts: { modloop: 'modloop-virt' } };
const FCOS = { title: 'Fedora CoreOS', release: '42', facts: { rootfs: 'live-rootfs.img' } };
const NIXOS = { title: 'NixOS', release: '25.05', facts: { words: `init=${INIT} nohibernate loglevel=4` } };
const ANY = { title: 'any', release: '' };

/** What each is told before it has an answer file of Muster's, over each way that it takes. */
const ATTENDED: readonly (readonly [
  family: string,
  image: BootImage,
  source: InstallSource,
  words: string,
])[] = [
  ['rhel', CENTOS_6, HTTP, 'method=http://192.0.2.1:8080/images/x ksdevice=bootif'],
  ['rhel', CENTOS_6, FTP, 'method=ftp://192.0.2.1/images/x ksdevice=bootif'],
  ['rhel', CENTOS_6, NFS, 'method=nfs:192.0.2.1:/images/x ksdevice=bootif'],
  ['rhel', ROCKY_9, HTTP, 'inst.repo=http://192.0.2.1:8080/images/x ip=dhcp'],
  ['rhel', ROCKY_9, FTP, 'inst.repo=ftp://192.0.2.1/images/x ip=dhcp'],
  ['rhel', ROCKY_9, NFS, 'inst.repo=nfs:192.0.2.1:/images/x ip=dhcp'],
  ['rhel', ROCKY_9, HTTP6, 'inst.repo=http://[fd00::1]:8080/images/x ip=auto6'],
  ['rhel', ROCKY_9, NFS6, 'inst.repo=nfs:[fd00::1]:/images/x ip=auto6'],
  ['rhel', BOOT_DISC, HTTP, 'inst.stage2=http://192.0.2.1:8080/images/x ip=dhcp'],
  ['suse', LEAP, HTTP, 'install=http://192.0.2.1:8080/images/x netsetup=dhcp'],
  ['suse', LEAP, FTP, 'install=ftp://192.0.2.1/images/x netsetup=dhcp'],
  ['suse', LEAP, NFS, 'install=nfs://192.0.2.1/images/x netsetup=dhcp'],
  [
    'agama',
    SLES_16,
    HTTP,
    'root=live:http://192.0.2.1:8080/images/x/LiveOS/squashfs.img rd.live.image ip=dhcp rd.neednet=1 inst.install_url=http://192.0.2.1:8080/images/x/install',
  ],
  [
    'agama',
    { ...SLES_16, facts: {} },
    FTP,
    'root=live:ftp://192.0.2.1/images/x/LiveOS/squashfs.img rd.live.image ip=dhcp rd.neednet=1',
  ],
  ['casper', NOBLE, NFS, 'boot=casper netboot=nfs nfsroot=192.0.2.1:/images/x ip=dhcp'],
  ['casper', NOBLE, HTTP, 'boot=casper netboot=url url=http://192.0.2.1:8080/discs/x.iso ip=dhcp'],
  ['debian', DEBIAN, HTTP, ''],
  [
    'live',
    LIVE,
    HTTP,
    'boot=live components fetch=http://192.0.2.1:8080/images/x/live/filesystem.squashfs ethdevice-timeout=60',
  ],
  [
    'live',
    LIVE,
    FTP,
    'boot=live components fetch=ftp://192.0.2.1/images/x/live/filesystem.squashfs ethdevice-timeout=60',
  ],
  ['live', LIVE, NFS, 'boot=live components netboot=nfs nfsroot=192.0.2.1:/images/x ethdevice-timeout=60'],
  [
    'live',
    CLONEZILLA,
    NFS,
    'boot=live components union=overlay username=user config noswap edd=on nomodeset locales= keyboard-layouts= ocs_live_run=ocs-live-general ocs_live_extra_param= ocs_live_batch=no netboot=nfs nfsroot=192.0.2.1:/images/x ethdevice-timeout=60',
  ],
  [
    'archiso',
    RESCUE,
    HTTP,
    'archisobasedir=sysresccd archiso_http_srv=http://192.0.2.1:8080/images/x/ ip=dhcp',
  ],
  ['archiso', RESCUE, NFS, 'archisobasedir=sysresccd archiso_nfs_srv=192.0.2.1:/images/x ip=dhcp'],
  [
    'alpine',
    ALPINE,
    HTTP,
    'ip=dhcp modules=loop,squashfs modloop=http://192.0.2.1:8080/images/x/boot/modloop-lts alpine_repo=http://192.0.2.1:8080/images/x/apks',
  ],
  [
    'alpine',
    ALPINE_BARE,
    FTP,
    'ip=dhcp modules=loop,squashfs modloop=ftp://192.0.2.1/images/x/modloop-virt alpine_repo=http://dl-cdn.alpinelinux.org/alpine/latest-stable/main',
  ],
  [
    'coreos',
    FCOS,
    HTTP,
    'coreos.live.rootfs_url=http://192.0.2.1:8080/images/x/live-rootfs.img ip=dhcp rd.neednet=1',
  ],
  [
    'coreos',
    FCOS,
    HTTP6,
    'coreos.live.rootfs_url=http://[fd00::1]:8080/images/x/live-rootfs.img ip=auto6 rd.neednet=1',
  ],
  ['flatcar', ANY, HTTP, 'flatcar.autologin'],
  ['nixos', NIXOS, HTTP, `init=${INIT} nohibernate loglevel=4`],
  ['proxmox', ANY, HTTP, 'ro ramdisk_size=16777216 rw quiet splash=silent'],
  [
    'dracut-live',
    ANY,
    NFS,
    'root=live:nfs://192.0.2.1/images/x/LiveOS/squashfs.img rd.live.image ip=dhcp rd.neednet=1',
  ],
  [
    'dracut-live',
    ANY,
    FTP,
    'root=live:ftp://192.0.2.1/images/x/LiveOS/squashfs.img rd.live.image ip=dhcp rd.neednet=1',
  ],
  ['memtest', ANY, HTTP, ''],
  ['files', ANY, HTTP, ''],
];

describe('a system that a person sits before is told where its files are', () => {
  test.each(ATTENDED)('%s, %o, %o', (family, image, source, words) => {
    expect(distributionOf(family).attendedArguments(image, source).join(' ')).toBe(words);
  });

  test('over every way that a row says it takes', () => {
    const untold = DISTRIBUTIONS.flatMap(({ family, sources }) =>
      sources
        .map(({ protocol }) => `${family} ${protocol}`)
        .filter((way) => !ATTENDED.some(([name, , source]) => way === `${name} ${source.protocol}`)),
    );
    expect(untold).toEqual(['dracut-live http']);
  });
});

/** What is added to these words when it installs by itself. */
const INSTALLING: readonly (readonly [family: string, image: BootImage, before: string, after: string])[] = [
  ['rhel', CENTOS_6, `ks=${ANSWER}`, ''],
  ['rhel', ROCKY_9, `inst.ks=${ANSWER}`, ''],
  ['suse', LEAP, '', `autoyast=${ANSWER} hostname=web01 self_update=0`],
  [
    'agama',
    SLES_16,
    '',
    'inst.script=http://192.0.2.1:8080/installs/t/prepare.sh inst.auto=file:///run/muster/profile.json inst.self_update=0',
  ],
  [
    'casper',
    NOBLE,
    '',
    'autoinstall ds=nocloud-net;s=http://192.0.2.1:8080/installs/t/ cloud-config-url=/dev/null',
  ],
  ['live', LIVE, '', ''],
  ['archiso', RESCUE, '', `script=${ANSWER}`],
  ['alpine', ALPINE, '', 'apkovl=http://192.0.2.1:8080/installs/t/muster.apkovl.tar.gz'],
  ['coreos', FCOS, '', `ignition.firstboot ignition.platform.id=metal ignition.config.url=${LIVE_CONFIG}`],
  ['nixos', NIXOS, '', ''],
  ['proxmox', ANY, '', 'proxmox-start-auto-installer'],
  ['dracut-live', ANY, '', ''],
];

describe('one that installs by itself is told its answers as well, and its card where the loader does not', () => {
  const bootMac = '52:54:00:12:34:56' as MacAddress;
  test.each(INSTALLING)('%s, %o', (family, image, before, after) => {
    const row = distributionOf(family);
    const words = row.installerArguments({
      image,
      urls: { source: HTTP, answer: ANSWER },
      hostName: 'web01',
      bootMac,
    });
    const expected = [before, ...row.attendedArguments(image, HTTP), after, 'BOOTIF=01-52-54-00-12-34-56'];
    expect(words.join(' ')).toBe(expected.filter((word) => word !== '').join(' '));
  });

  test('Flatcar runs Ignition on its first boot', () => {
    const boot = { image: ANY, urls: { source: HTTP, answer: ANSWER }, hostName: 'a' };
    expect(distributionOf('flatcar').installerArguments(boot)).toEqual([
      'flatcar.first_boot=1',
      `ignition.config.url=${LIVE_CONFIG}`,
    ]);
  });

  test.each([
    ['coreos', FCOS],
    ['flatcar', ANY],
  ] as const)('%s runs from memory with its answer file where the disk is none', (family, image) => {
    const boot = { image, urls: { source: HTTP, answer: ANSWER }, hostName: 'a', disk: 'none' };
    expect(distributionOf(family).installerArguments(boot)).toContain(`ignition.config.url=${ANSWER}`);
  });
});

describe('one whose log is taken over syslog is told where', () => {
  const place = (port: number) => ({ address: '192.0.2.1' as IpAddress, port });
  for (const [family, image, port, expected] of [
    ['rhel', CENTOS_6, 514, ['syslog=192.0.2.1:514']],
    ['rhel', ROCKY_9, 6514, ['inst.syslog=192.0.2.1:6514']],
    ['debian', ANY, 6514, ['log_host=192.0.2.1', 'log_port=6514']],
    ['suse', LEAP, 514, ['loghost=192.0.2.1']],
    // linuxrc knows no port.
    ['suse', LEAP, 6514, []],
    ['casper', NOBLE, 514, []],
  ] as const) {
    test(`${family}, port ${port}: ${expected.join(' ') || 'nothing'}`, () => {
      const boot = { image, urls: { source: HTTP, answer: ANSWER }, hostName: 'web01' };
      const row = distributionOf(family);
      const untold = row.installerArguments(boot);
      const told = row.installerArguments({ ...boot, urls: { ...boot.urls, syslog: place(port) } });
      expect(told.filter((word) => !untold.includes(word))).toEqual(expected);
      expect(told.filter((word) => untold.includes(word))).toEqual(untold);
    });
  }
});

test.each([
  [
    'casper',
    FOLDER,
    /^Cannot give a live system by casper its disc: .* add the disc image itself, or use NFS$/,
  ],
  ['casper', NFS6, /^Cannot boot a live system by casper over IPv6: its initramfs knows IPv4 alone/],
  ['live', HTTP6, /live-boot over IPv6/],
  ['archiso', HTTP6, /archiso over IPv6/],
  ['alpine', HTTP6, /Alpine Linux over IPv6/],
  ['archiso', NFS6, /archiso over IPv6/],
  ['agama', NFS, /^Cannot give Agama its files over NFS: it fetches them by URL, over HTTP or FTP$/],
  ['alpine', NFS, /Alpine Linux its files over NFS/],
  ['coreos', NFS, /CoreOS its files over NFS/],
] as const)('%s refuses %o, and says why', (family, source, because) => {
  expect(() => distributionOf(family).attendedArguments(ANY, source)).toThrow(because);
});
