import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { mustRun, runProgram } from '../../../src/lab/run-program.ts';
import {
  formatPackageIndex,
  formatRelease,
  type PackageRecord,
  parsePackageIndex,
  recordOfFile,
} from './package-index.ts';
import { buildStandInUdebs } from './stand-in-udebs.ts';

/** Debian 12, whose installer the boot is about. */
const CODENAME = 'bookworm';
/** Counts up when what is built changes. */
const RECIPE = 2;
const DOWNLOAD_TIMEOUT_MS = 900_000;
/** The archive's list of packages has about 50 MB. */
const INDEX_LIMIT_BYTES = 256 * 1024 * 1024;
const execFileAsync = promisify(execFile);

/** What a base system can do without; a smaller one takes minutes less under emulation. */
const DROPPED = new Set(
  'vim-tiny vim-common nano groff-base man-db rsyslog logrotate cron cron-daemon-common dmidecode tasksel tasksel-data whiptail nftables iputils-ping apt-listchanges less cpio fdisk isc-dhcp-common'.split(
    ' ',
  ),
);
/** What the installer adds by name, and what the stand-in udebs are made of. */
const ADDED =
  'usr-is-merged initramfs-tools busybox ifupdown isc-dhcp-client fdisk cpio zstd e2fsprogs libpam-systemd dbus wget ca-certificates debconf-i18n debootstrap'.split(
    ' ',
  );
/** Kernel module udebs that the boot needs; anna loads every udeb of priority standard. */
const MODULE_UDEBS = ['scsi', 'ext4'];
const WANTED_UDEBS = ['base-installer', 'bootstrap-base'];
/** Pulled in by the modules above. */
const MODULE_NEEDS = /^(scsi-core|crc|crypto|ata|cdrom-core|nic-shared|md|mtd-core|loop|fat|isofs)-modules-/;

export interface DebianMirror {
  /** Its root: holds `dists/` and `pool/`. */
  readonly folder: string;
  /** The kernel package the base system gets. */
  readonly kernelPackage: string;
}

/**
 * A partial mirror of Debian, enough for one unattended base install, made with the ordinary apt client from the
 * sources this system is set up with. Kept in `cache` and used again while the installer's kernel is the same.
 *
 * @param kernelRelease of the installer: its udebs must fit, such as `6.1.0-50`.
 */
export async function buildDebianMirror(
  cache: string,
  kernelRelease: string,
  say: (text: string) => void,
): Promise<DebianMirror> {
  const folder = join(cache, `debian-mirror-${RECIPE}-${kernelRelease}`);
  const kernelPackage = `linux-image-${kernelRelease}-cloud-amd64`;
  if (existsSync(join(folder, 'dists'))) return { folder, kernelPackage };
  const scratch = `${folder}.making`;
  await rm(scratch, { recursive: true, force: true });
  await mkdir(join(scratch, 'dl'), { recursive: true });
  say('Making a partial Debian mirror (about 115 MB to download, a minute or two)');
  const apt = await privateApt(join(scratch, 'apt'));
  const choice = await choosePackages(apt, kernelPackage, kernelRelease);
  await download(apt, join(scratch, 'dl'), [...choice.debs, ...choice.udebs]);
  say(
    `Downloaded ${choice.debs.length} packages and ${choice.udebs.length} installer components; packing and signing`,
  );
  await writeMirror(scratch, choice, kernelRelease);
  await rm(folder, { recursive: true, force: true });
  await rename(join(scratch, 'mirror'), folder);
  await rm(scratch, { recursive: true, force: true });
  return { folder, kernelPackage };
}

interface PrivateApt {
  readonly environment: NodeJS.ProcessEnv;
  readonly packages: readonly PackageRecord[];
  readonly udebs: readonly PackageRecord[];
}

/** apt with lists and a package state of its own, in which nothing is installed yet. */
async function privateApt(folder: string): Promise<PrivateApt> {
  for (const name of ['etc', 'lists/partial', 'cache/archives/partial', 'state'])
    await mkdir(join(folder, name), { recursive: true });
  const source = await archiveSource();
  await writeFile(
    join(folder, 'etc/sources.list'),
    `deb ${source} ${CODENAME} main\ndeb ${source} ${CODENAME} main/debian-installer\n`,
  );
  await writeFile(join(folder, 'state/status'), '');
  const settings = {
    'Dir::Etc': join(folder, 'etc'),
    'Dir::Etc::sourcelist': join(folder, 'etc/sources.list'),
    'Dir::Etc::sourceparts': '-',
    'Dir::Etc::trusted': '/etc/apt/trusted.gpg',
    'Dir::Etc::trustedparts': '/etc/apt/trusted.gpg.d',
    'Dir::State': join(folder, 'state'),
    'Dir::State::Lists': join(folder, 'lists'),
    'Dir::State::status': join(folder, 'state/status'),
    'Dir::Cache': join(folder, 'cache'),
    'APT::Install-Recommends': '0',
    'APT::Sandbox::User': 'root',
    'APT::Architecture': 'amd64',
    'APT::Architectures': 'amd64',
    'Acquire::Languages': 'none',
  };
  const file = join(folder, 'apt.conf');
  await writeFile(
    file,
    Object.entries(settings)
      .map(([name, value]) => `${name} "${value}";\n`)
      .join(''),
  );
  const environment = { ...process.env, APT_CONFIG: file, LC_ALL: 'C' };
  await mustRun(['apt-get', '-q', 'update'], { environment, timeoutMs: DOWNLOAD_TIMEOUT_MS });
  const lists = await readdir(join(folder, 'lists'));
  const index = async (ending: string): Promise<readonly PackageRecord[]> => {
    const name = lists.find((candidate) => candidate.includes(ending));
    if (name === undefined) throw new Error(`The Debian archive gave no list that ends in ${ending}`);
    const shown = await execFileAsync('/usr/lib/apt/apt-helper', ['cat-file', join(folder, 'lists', name)], {
      env: environment,
      maxBuffer: INDEX_LIMIT_BYTES,
    });
    return parsePackageIndex(shown.stdout);
  };
  return {
    environment,
    packages: await index('_main_binary-amd64_Packages'),
    udebs: await index('_debian-installer_binary-amd64_Packages'),
  };
}

/** The archive this system takes Debian from. */
async function archiveSource(): Promise<string> {
  const targets = await mustRun([
    'apt-get',
    'indextargets',
    '--format',
    '$(REPO_URI) $(CODENAME) $(COMPONENT)',
    'Created-By: Packages',
  ]);
  const rows = targets
    .toString('utf8')
    .split('\n')
    .map((line) => line.split(' '));
  const row = rows.find(([, codename, component]) => codename === CODENAME && component === 'main');
  if (row?.[0] === undefined)
    throw new Error(
      `No apt source here names Debian ${CODENAME} main: bios-debian needs one, and "apt-get update" run once`,
    );
  return row[0];
}

interface Choice {
  /** `name=version`, as apt-get download wants it. */
  readonly debs: readonly string[];
  readonly udebs: readonly string[];
  /** Packages that debootstrap installs first. */
  readonly base: ReadonlySet<string>;
  readonly records: ReadonlyMap<string, PackageRecord>;
  readonly udebRecords: ReadonlyMap<string, PackageRecord>;
}

async function choosePackages(
  apt: PrivateApt,
  kernelPackage: string,
  kernelRelease: string,
): Promise<Choice> {
  const base = apt.packages
    .filter((record) => /^(required|important)$/.test(record.get('Priority') ?? ''))
    .map((record) => record.get('Package') ?? '')
    .filter((name) => !DROPPED.has(name));
  const wanted = new Set<string>();
  for (const extra of [[...ADDED, kernelPackage], ['grub-pc']]) {
    const simulated = await mustRun(['apt-get', '-s', 'install', ...base, ...extra], {
      environment: apt.environment,
    });
    for (const line of simulated.toString('utf8').split('\n')) {
      const [, name, version] = /^Inst (\S+) \((\S+)/.exec(line) ?? [];
      if (name !== undefined && version !== undefined) wanted.add(`${name}=${version}`);
    }
  }
  const udebs = apt.udebs.filter((record) => {
    const name = record.get('Package') ?? '';
    if (WANTED_UDEBS.includes(name)) return true;
    const ours = name.endsWith(`-modules-${kernelRelease}-amd64-di`);
    return (
      ours &&
      (MODULE_NEEDS.test(name) || MODULE_UDEBS.some((module) => name.startsWith(`${module}-modules-`)))
    );
  });
  return {
    debs: [...wanted],
    udebs: udebs.map((record) => `${record.get('Package')}=${record.get('Version')}`),
    base: new Set(base),
    records: byNameAndVersion(apt.packages),
    udebRecords: byNameAndVersion(udebs),
  };
}

function byNameAndVersion(records: readonly PackageRecord[]): ReadonlyMap<string, PackageRecord> {
  return new Map(records.map((record) => [`${record.get('Package')}=${record.get('Version')}`, record]));
}

async function download(apt: PrivateApt, folder: string, packages: readonly string[]): Promise<void> {
  for (let first = 0; first < packages.length; first += 50) {
    await mustRun(['apt-get', '-q', 'download', ...packages.slice(first, first + 50)], {
      environment: apt.environment,
      folder,
      timeoutMs: DOWNLOAD_TIMEOUT_MS,
    });
  }
}

async function writeMirror(scratch: string, choice: Choice, kernelRelease: string): Promise<void> {
  const mirror = join(scratch, 'mirror');
  const suite = join(mirror, 'dists', CODENAME);
  for (const name of ['pool/main', 'pool/udeb']) await mkdir(join(mirror, name), { recursive: true });
  const key = await makeKey(join(scratch, 'gpg'));
  const debs = await writePool(scratch, choice);
  const udebs = await writeUdebPool(scratch, choice, kernelRelease, key.armoured);
  const files = new Map<string, Uint8Array>();
  for (const [folder, records] of [
    ['main/binary-amd64', debs],
    ['main/debian-installer/binary-amd64', udebs],
  ] as const) {
    await mkdir(join(suite, folder), { recursive: true });
    const path = join(suite, folder, 'Packages');
    await writeFile(path, formatPackageIndex(records));
    await mustRun(['xz', '-k', path]);
    await mustRun(['gzip', '-9nk', path]);
    await writeFile(
      join(suite, folder, 'Release'),
      'Archive: stable\nComponent: main\nOrigin: Debian\nLabel: Debian\nArchitecture: amd64\n',
    );
    for (const name of ['Packages', 'Packages.xz', 'Packages.gz', 'Release'])
      files.set(`${folder}/${name}`, await readFile(join(suite, folder, name)));
  }
  const release = {
    Origin: 'Debian',
    Label: 'Debian',
    Suite: 'stable',
    Codename: CODENAME,
    Date: new Date().toUTCString().replace('GMT', 'UTC'),
    Architectures: 'amd64',
    Components: 'main',
  };
  await writeFile(join(suite, 'Release'), formatRelease(release, files));
  await key.sign(suite);
  await mustRun(['ln', '-sfn', CODENAME, join(mirror, 'dists/stable')]);
}

/** Packs each anew with gzip -1: unpacking xz is the largest single cost of an install under emulation. */
async function writePool(scratch: string, choice: Choice): Promise<readonly PackageRecord[]> {
  const records: PackageRecord[] = [];
  const files = (await readdir(join(scratch, 'dl'))).filter((name) => name.endsWith('.deb'));
  const repack = async (name: string): Promise<void> => {
    // A version's epoch stands as %3a in apt's file names; a client would ask for it decoded.
    const target = `pool/main/${name.replace(/_\d+%3a/, '_')}`;
    const work = join(scratch, 'repack', name);
    await mkdir(join(scratch, 'repack'), { recursive: true });
    await mustRun(['dpkg-deb', '-R', join(scratch, 'dl', name), work]);
    await mustRun(['dpkg-deb', '-Zgzip', '-z1', '-b', work, join(scratch, 'mirror', target)]);
    await rm(work, { recursive: true });
    const record = choice.records.get(await nameAndVersion(join(scratch, 'dl', name)));
    if (!record) throw new Error(`${name} is not in the archive's list`);
    const needed = choice.base.has(record.get('Package') ?? '');
    const demoted =
      !needed && /^(required|important)$/.test(record.get('Priority') ?? '') ? { Priority: 'optional' } : {};
    records.push(recordOfFile(record, target, await readFile(join(scratch, 'mirror', target)), demoted));
  };
  for (let first = 0; first < files.length; first += 2)
    await Promise.all(files.slice(first, first + 2).map(repack));
  return records;
}

async function nameAndVersion(file: string): Promise<string> {
  const shown = await mustRun(['dpkg-deb', '--showformat=${Package}=${Version}', '-W', file]);
  return shown.toString('utf8');
}

async function writeUdebPool(
  scratch: string,
  choice: Choice,
  kernelRelease: string,
  archiveKey: string,
): Promise<readonly PackageRecord[]> {
  const pool = join(scratch, 'mirror/pool/udeb');
  const standard = new Set([
    ...WANTED_UDEBS,
    ...MODULE_UDEBS.map((module) => `${module}-modules-${kernelRelease}-amd64-di`),
  ]);
  const records: PackageRecord[] = [];
  for (const name of (await readdir(join(scratch, 'dl'))).filter((candidate) =>
    candidate.endsWith('.udeb'),
  )) {
    const bytes = await readFile(join(scratch, 'dl', name));
    const record = choice.udebRecords.get(await nameAndVersion(join(scratch, 'dl', name)));
    if (!record) throw new Error(`${name} is not in the archive's list of installer components`);
    const target = name.replace(/_\d+%3a/, '_');
    await writeFile(join(pool, target), bytes);
    const priority = standard.has(record.get('Package') ?? '') ? 'standard' : 'optional';
    records.push(recordOfFile(record, `pool/udeb/${target}`, bytes, { Priority: priority }));
  }
  const input = {
    packages: join(scratch, 'dl'),
    scratch: join(scratch, 'stand-ins'),
    output: pool,
    archiveKey,
  };
  for (const [name, control] of await buildStandInUdebs(input)) {
    const file = (await readdir(pool)).find((candidate) => candidate.startsWith(`${name}_`)) ?? '';
    records.push(
      recordOfFile(
        new Map(Object.entries(control)),
        `pool/udeb/${basename(file)}`,
        await readFile(join(pool, file)),
      ),
    );
  }
  return records;
}

interface MirrorKey {
  readonly armoured: string;
  sign(suite: string): Promise<void>;
}

/** A throw-away key: debootstrap in the installer stops where InRelease is missing and does not fall back to Release. */
async function makeKey(home: string): Promise<MirrorKey> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  const gpg = ['gpg', '--homedir', home, '--batch', '-q', '--yes'];
  await mustRun([
    ...gpg,
    '--passphrase',
    '',
    '--quick-gen-key',
    'Mirror of a Muster test <nobody@localhost>',
    'rsa2048',
    'sign',
    'never',
  ]);
  const exported = await mustRun([...gpg, '--armor', '--export']);
  return {
    armoured: exported.toString('utf8'),
    async sign(suite) {
      await mustRun([...gpg, '--clearsign', '-o', join(suite, 'InRelease'), join(suite, 'Release')]);
      await mustRun([...gpg, '-abs', '-o', join(suite, 'Release.gpg'), join(suite, 'Release')]);
      await runProgram(['gpgconf', '--homedir', home, '--kill', 'all']);
    },
  };
}
