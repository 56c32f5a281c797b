import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mustRun } from '../../../src/lab/run-program.ts';
import { makeMirrorKey } from './mirror-key.ts';
import { choosePackages, isOfBase, type PackageChoice } from './package-choice.ts';
import { formatPackageIndex, formatRelease, type PackageRecord, recordOfFile } from './package-index.ts';
import { CODENAME, downloadPackages, openPrivateApt } from './private-apt.ts';
import { buildStandInUdebs } from './stand-in-udebs.ts';

export interface DebianMirror {
  /** Its root: holds `dists/` and `pool/`. */
  readonly folder: string;
  /** The kernel package that the base system gets. */
  readonly kernelPackage: string;
}

/** What a mirror is made by: when one of them changes, another mirror is made. */
const RECIPE_FILES = ['debian-mirror.ts', 'package-choice.ts', 'package-index.ts', 'stand-in-udebs.ts'];
const RELEASE_FIELDS = { Origin: 'Debian', Label: 'Debian', Suite: 'stable', Codename: CODENAME };
const NAME_START = 'debian-mirror-';

/**
 * A partial mirror of Debian, enough for one unattended base install, made with the ordinary apt client from the
 * source this system is set up with. Kept in `cache` and used again while installer and recipe are the same.
 *
 * @param kernelRelease of the installer, whose modules must fit, such as `6.1.0-50`.
 */
export async function buildDebianMirror(
  cache: string,
  kernelRelease: string,
  say: (sentence: string) => void,
): Promise<DebianMirror> {
  const name = `${NAME_START}${kernelRelease}-${await recipeDigest()}`;
  const folder = join(cache, name);
  const kernelPackage = `linux-image-${kernelRelease}-cloud-amd64`;
  if (existsSync(folder)) return { folder, kernelPackage };
  const scratch = `${folder}.making`;
  await rm(scratch, { recursive: true, force: true });
  const downloads = join(scratch, 'downloads');
  await mkdir(downloads, { recursive: true });
  say('Making a partial mirror of Debian with apt: about 115 MB to download, and some minutes of packing');
  const apt = await openPrivateApt(join(scratch, 'apt'));
  const choice = await choosePackages(apt, kernelPackage, kernelRelease);
  await downloadPackages(apt, downloads, [...choice.debs, ...choice.udebs]);
  say(`Downloaded ${choice.debs.length} packages and ${choice.udebs.length} components of the installer`);
  await writeMirror({ scratch, downloads, mirror: join(scratch, 'mirror'), choice });
  await rename(join(scratch, 'mirror'), folder);
  for (const old of await readdir(cache)) {
    if (old.startsWith(NAME_START) && old !== name)
      await rm(join(cache, old), { recursive: true, force: true });
  }
  return { folder, kernelPackage };
}

async function recipeDigest(): Promise<string> {
  const digest = createHash('sha256');
  for (const file of RECIPE_FILES) digest.update(await readFile(join(import.meta.dirname, file)));
  return digest.digest('hex').slice(0, 12);
}

interface MirrorWork {
  readonly scratch: string;
  readonly downloads: string;
  /** What is written. */
  readonly mirror: string;
  readonly choice: PackageChoice;
}

async function writeMirror(work: MirrorWork): Promise<void> {
  const suite = join(work.mirror, 'dists', CODENAME);
  for (const name of ['pool/main', 'pool/udeb']) await mkdir(join(work.mirror, name), { recursive: true });
  const key = await makeMirrorKey(join(work.scratch, 'gpg'));
  const debs = await writePool(work);
  const udebs = [...(await writeUdebPool(work)), ...(await writeStandIns(work, key.armoured))];
  const files = new Map([
    ...(await writeIndex(suite, 'main/binary-amd64', debs)),
    ...(await writeIndex(suite, 'main/debian-installer/binary-amd64', udebs)),
  ]);
  const date = new Date().toUTCString().replace('GMT', 'UTC');
  const fields = { ...RELEASE_FIELDS, Date: date, Architectures: 'amd64', Components: 'main' };
  await writeFile(join(suite, 'Release'), formatRelease(fields, files));
  await key.sign(suite);
  await key.close();
  await symlink(CODENAME, join(work.mirror, 'dists/stable'));
}

/** The index of one folder of the suite, plain and packed. @returns its files by path in the suite. */
async function writeIndex(
  suite: string,
  folder: string,
  records: readonly PackageRecord[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const path = join(suite, folder, 'Packages');
  await mkdir(join(suite, folder), { recursive: true });
  await writeFile(path, formatPackageIndex(records));
  await mustRun(['xz', '-k', path]);
  await mustRun(['gzip', '-9nk', path]);
  const release = 'Archive: stable\nComponent: main\nOrigin: Debian\nLabel: Debian\nArchitecture: amd64\n';
  await writeFile(join(suite, folder, 'Release'), release);
  const files = new Map<string, Uint8Array>();
  for (const name of ['Packages', 'Packages.xz', 'Packages.gz', 'Release'])
    files.set(`${folder}/${name}`, await readFile(join(suite, folder, name)));
  return files;
}

/** Packs each anew with gzip -1: unpacking xz is the largest single cost of an install under emulation. */
async function writePool(work: MirrorWork): Promise<readonly PackageRecord[]> {
  const records: PackageRecord[] = [];
  for (const name of await filesOf(work.downloads, '.deb')) {
    const record = await recordOf(work, name);
    const target = `pool/main/${poolName(name)}`;
    const unpacked = join(work.scratch, 'unpacked');
    await mustRun(['dpkg-deb', '-R', join(work.downloads, name), unpacked]);
    await mustRun(['dpkg-deb', '-Zgzip', '-z1', '-b', unpacked, join(work.mirror, target)]);
    await rm(unpacked, { recursive: true });
    const isLeftOut = isOfBase(record) && !work.choice.base.has(record.get('Package') ?? '');
    const changes = isLeftOut ? { Priority: 'optional' } : {};
    records.push(recordOfFile(record, target, await readFile(join(work.mirror, target)), changes));
  }
  return records;
}

/** The installer's loader takes every component of priority standard. */
async function writeUdebPool(work: MirrorWork): Promise<readonly PackageRecord[]> {
  const records: PackageRecord[] = [];
  for (const name of await filesOf(work.downloads, '.udeb')) {
    const record = await recordOf(work, name);
    const bytes = await readFile(join(work.downloads, name));
    const target = `pool/udeb/${poolName(name)}`;
    await writeFile(join(work.mirror, target), bytes);
    const isLoaded = work.choice.loadedUdebs.has(record.get('Package') ?? '');
    records.push(recordOfFile(record, target, bytes, { Priority: isLoaded ? 'standard' : 'optional' }));
  }
  return records;
}

async function writeStandIns(work: MirrorWork, archiveKey: string): Promise<readonly PackageRecord[]> {
  const records: PackageRecord[] = [];
  const output = join(work.mirror, 'pool/udeb');
  const built = await buildStandInUdebs({
    packages: work.downloads,
    scratch: join(work.scratch, 'stand-ins'),
    output,
    archiveKey,
  });
  for (const { file, control } of built) {
    const record = new Map(Object.entries(control));
    records.push(recordOfFile(record, `pool/udeb/${file}`, await readFile(join(output, file))));
  }
  return records;
}

/** A version's epoch stands as %3a in the names apt gives; a client would ask for it decoded. */
function poolName(name: string): string {
  return name.replace(/_\d+%3a/, '_');
}

async function filesOf(folder: string, ending: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith(ending)).toSorted();
}

/** The archive's record of a downloaded package. */
async function recordOf(work: MirrorWork, file: string): Promise<PackageRecord> {
  const form = '--showformat=${Package}=${Version}';
  const shown = await mustRun(['dpkg-deb', form, '-W', join(work.downloads, file)]);
  const record = work.choice.records.get(shown.toString('utf8'));
  if (!record) throw new Error(`${file} is not in the archive's lists`);
  return record;
}
