import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { cacheFolder } from '../../../src/lab/cache-folder.ts';
import type { HostNeed } from '../../../src/lab/host-programs.ts';
import { LabRefusal } from '../../../src/lab/lab-refusal.ts';
import { fetchUnpacked, requireUnpacked } from '../../../src/lab/unpacked-packages.ts';
import { writeDisc } from '../tiny-disc.ts';
import { formatPackageIndex, formatRelease, type PackageRecord, recordOfFile } from './package-index.ts';
import { CODENAME, downloadPackages, openPrivateApt } from './private-apt.ts';

const INSTALLER = '/usr/lib/debian-installer/images/12/amd64/text/debian-installer/amd64';
const PACKAGE = 'debian-installer-12-netboot-amd64';
const NEEDS = {
  kernel: {
    name: "the installer's kernel of Debian 12",
    places: [`${INSTALLER}/linux`],
    debianPackage: PACKAGE,
  },
  initrd: {
    name: "the installer's initrd of Debian 12",
    places: [`${INSTALLER}/initrd.gz`],
    debianPackage: PACKAGE,
  },
} as const satisfies Record<string, HostNeed>;
/** The first of the archive that fits each; not every archive has all of them. */
const UDEBS = [
  /^base-installer$/,
  /^bootstrap-base$/,
  /^di-utils$/,
  /^pkgsel$/,
  /^ext4-modules-.*-amd64-di$/,
  /^scsi-modules-.*-amd64-di$/,
];
const LEAST_UDEBS = 3;
/** As debian-cd writes it. */
const INFO = 'Debian GNU/Linux 12.0.0 "Bookworm" - Official amd64 NETINST with firmware 20230610-10:21\n';
const RELEASE_FIELDS = {
  Origin: 'Debian',
  Label: 'Debian',
  Suite: 'stable',
  Version: '12.0',
  Codename: CODENAME,
  Architectures: 'amd64',
  Components: 'main',
};

/**
 * An installer disc of Debian as debian-cd lays them out, of Debian's own packages: the installer's kernel and initrd,
 * components of the installer in `pool/`, their index, `.disk/`, the link `debian` to itself, and `md5sum.txt`. Kept in the
 * cache, so that it needs an archive once.
 *
 * @param say told in sentences what is downloaded.
 * @throws LabRefusal when something it is made of cannot be had.
 */
export async function debianDisc(say: (sentence: string) => void): Promise<string> {
  const cache = cacheFolder();
  const disc = join(cache, `debian-disc-${await recipeDigest()}.iso`);
  if (existsSync(disc)) return disc;
  await fetchUnpacked(Object.values(NEEDS), say);
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, 'building-'));
  try {
    say('Downloading components of the Debian installer with apt, for a disc of them');
    const udebs = join(work, 'udebs');
    await mkdir(udebs);
    const records = await fetchUdebs(work, udebs);
    const tree = join(work, 'tree');
    await writeTree(tree, udebs, records);
    const made = join(work, 'disc.iso');
    await writeDisc({ tree, path: made, label: 'Debian 12.0.0 amd64 n' });
    await rename(made, disc);
    return disc;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function recipeDigest(): Promise<string> {
  return createHash('sha256')
    .update(await readFile(import.meta.filename))
    .digest('hex')
    .slice(0, 12);
}

async function fetchUdebs(work: string, folder: string): Promise<readonly PackageRecord[]> {
  const apt = await openPrivateApt(join(work, 'apt'), ['main/debian-installer']);
  const records: PackageRecord[] = [];
  for (const pattern of UDEBS) {
    const record = apt.udebs.findLast((one) => pattern.test(one.get('Package') ?? ''));
    if (record === undefined) continue;
    const wanted = `${record.get('Package')}=${record.get('Version')}`;
    // An index may name what its archive no longer has.
    await downloadPackages(apt, folder, [wanted]).then(
      () => records.push(record),
      () => undefined,
    );
  }
  if (records.length >= LEAST_UDEBS) return records;
  throw new LabRefusal(
    `The package archive gave ${records.length} components of the Debian installer, and ${LEAST_UDEBS} are wanted: run "apt-get update" and try again`,
  );
}

async function writeTree(tree: string, udebs: string, records: readonly PackageRecord[]): Promise<void> {
  const rows: PackageRecord[] = [];
  for (const record of records) {
    const path = record.get('Filename') ?? '';
    const name = await fileOf(udebs, record);
    await mkdir(dirname(join(tree, path)), { recursive: true });
    await copyFile(join(udebs, name), join(tree, path));
    rows.push(recordOfFile(record, path, await readFile(join(udebs, name))));
  }
  const index = Buffer.from(formatPackageIndex(rows));
  const indexPath = 'main/debian-installer/binary-amd64/Packages';
  const indexes = new Map([
    [indexPath, index],
    [`${indexPath}.gz`, gzipSync(index)],
  ]);
  const files = new Map<string, Uint8Array>([
    ['.disk/info', Buffer.from(INFO)],
    ['.disk/cd_type', Buffer.from('not_complete\n')],
    ['.disk/base_installable', new Uint8Array()],
    ['.disk/base_components', Buffer.from('main\n')],
    ['install.amd/vmlinuz', await readFile(requireUnpacked(NEEDS.kernel))],
    ['install.amd/initrd.gz', await readFile(requireUnpacked(NEEDS.initrd))],
    [`dists/${CODENAME}/Release`, Buffer.from(formatRelease(RELEASE_FIELDS, indexes))],
    ...[...indexes].map(([path, bytes]) => [`dists/${CODENAME}/${path}`, bytes] as const),
  ]);
  for (const [path, bytes] of files) {
    await mkdir(dirname(join(tree, path)), { recursive: true });
    await writeFile(join(tree, path), bytes);
  }
  await symlink(CODENAME, join(tree, 'dists/stable'));
  await symlink('.', join(tree, 'debian'));
  await writeFile(join(tree, 'md5sum.txt'), await md5Sums(tree));
}

/** Epochs are left out of the names of files, and apt writes them as `%3a`. */
async function fileOf(folder: string, record: PackageRecord): Promise<string> {
  const name = (await readdir(folder)).find((file) => file.startsWith(`${record.get('Package')}_`));
  if (name === undefined) throw new LabRefusal(`apt downloaded no file of ${record.get('Package')}`);
  return name;
}

async function md5Sums(tree: string): Promise<string> {
  const entries = await readdir(tree, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const lines = files.toSorted().map(async (path) => {
    const digest = createHash('md5')
      .update(await readFile(path))
      .digest('hex');
    return `${digest}  ./${relative(tree, path)}\n`;
  });
  return (await Promise.all(lines)).join('');
}
