import { mustRun } from '../../../src/lab/run-program.ts';
import type { PackageRecord } from './package-index.ts';
import type { PrivateApt } from './private-apt.ts';

/** What the partial mirror holds. */
export interface PackageChoice {
  /** `name=version`, as `apt-get download` takes it. */
  readonly debs: readonly string[];
  readonly udebs: readonly string[];
  /** Packages that debootstrap installs first. */
  readonly base: ReadonlySet<string>;
  /** Udebs that the installer's component loader takes by itself. */
  readonly loadedUdebs: ReadonlySet<string>;
  /** The archive's records of both, by `name=version`. */
  readonly records: ReadonlyMap<string, PackageRecord>;
}

/** What a base system can do without; a smaller one takes minutes less under emulation. */
const DROPPED = words(`vim-tiny vim-common nano groff-base man-db rsyslog logrotate cron cron-daemon-common
  dmidecode tasksel tasksel-data whiptail nftables iputils-ping apt-listchanges less cpio fdisk isc-dhcp-common`);
/** What the installer adds by name, and what the stand-in udebs are made of. */
const ADDED = words(`usr-is-merged initramfs-tools busybox ifupdown isc-dhcp-client fdisk cpio zstd e2fsprogs
  libpam-systemd dbus wget ca-certificates debconf-i18n debootstrap`);
const BOOT_LOADER = 'grub-pc';
const INSTALLER_PARTS = ['base-installer', 'bootstrap-base'];
/** Kernel modules that the machine's disk needs. */
const DISK_MODULES = ['scsi', 'ext4'];
/** Pulled in by those. */
const MODULE_NEEDS =
  /^(?:scsi-core|crc|crypto|ata|cdrom-core|nic-shared|md|mtd-core|loop|fat|isofs)-modules-/;
/** Priorities that debootstrap takes as the base. */
const BASE_PRIORITY = /^(?:required|important)$/;

/** Everything one unattended install of a small base system asks for, with all that it depends on. */
export async function choosePackages(
  apt: PrivateApt,
  kernelPackage: string,
  kernelRelease: string,
): Promise<PackageChoice> {
  const base = apt.packages
    .filter(isOfBase)
    .map((record) => record.get('Package') ?? '')
    .filter((name) => !DROPPED.includes(name));
  const debs = new Set<string>();
  for (const extra of [[...ADDED, kernelPackage], [BOOT_LOADER]]) {
    for (const package_ of await resolve(apt, [...base, ...extra])) debs.add(package_);
  }
  const diskModules = DISK_MODULES.map((name) => `${name}-modules-${kernelRelease}-amd64-di`);
  const loadedUdebs = new Set([...INSTALLER_PARTS, ...diskModules]);
  const udebs = apt.udebs.filter((record) => {
    const name = record.get('Package') ?? '';
    const isOfThisKernel = name.endsWith(`-modules-${kernelRelease}-amd64-di`);
    return loadedUdebs.has(name) || (isOfThisKernel && MODULE_NEEDS.test(name));
  });
  return {
    debs: [...debs],
    udebs: udebs.map(nameAndVersion),
    base: new Set(base),
    loadedUdebs,
    records: new Map([...apt.packages, ...udebs].map((record) => [nameAndVersion(record), record])),
  };
}

/** Whether debootstrap would install it, if it were not told otherwise. */
export function isOfBase(record: PackageRecord): boolean {
  return BASE_PRIORITY.test(record.get('Priority') ?? '');
}

/** What apt would install for these, as `name=version`. */
async function resolve(apt: PrivateApt, names: readonly string[]): Promise<readonly string[]> {
  const simulated = await mustRun(['apt-get', '-s', 'install', ...names], { environment: apt.environment });
  return [...simulated.toString('utf8').matchAll(/^Inst (\S+) \((\S+)/gm)].map(
    ([, name, version]) => `${name}=${version}`,
  );
}

function nameAndVersion(record: PackageRecord): string {
  return `${record.get('Package')}=${record.get('Version')}`;
}

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
