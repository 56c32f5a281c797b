import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from './cache-folder.ts';
import { foreignArchitecture, refreshPackageLists, unpackPackage } from './debian-package.ts';
import { DOWNLOAD_NEEDS, findOnHost, type HostNeed, missing } from './host-programs.ts';
import { LabRefusal } from './lab-refusal.ts';

/**
 * Files of Debian packages that the lab only reads: firmware images and boot loaders. Where a package is not
 * installed it is unpacked into the cache. Installing it could do harm: on a computer that boots with UEFI the
 * scripts of shim-signed run grub-install, and the GRUB it depends on brings hooks that write its menu anew.
 */

/** Where the file is, on this computer or unpacked in the cache, or undefined. */
export function findUnpacked(wanted: HostNeed, cache = cacheFolder()): string | undefined {
  // What is installed at the place of a package of another architecture is this computer's own.
  const installed = foreignArchitecture(wanted.debianPackage) ? undefined : findOnHost(wanted);
  if (installed !== undefined) return installed;
  const folder = packageFolder(cache, wanted);
  return findOnHost({ ...wanted, places: wanted.places.map((place) => join(folder, place)) });
}

/** @throws LabRefusal when it is in neither place. */
export function requireUnpacked(wanted: HostNeed): string {
  const place = findUnpacked(wanted);
  if (place === undefined) throw missing([wanted]);
  return place;
}

/**
 * Downloads and unpacks the packages of those that are not there yet.
 *
 * @param say told in sentences what is downloaded.
 * @throws LabRefusal naming everything that is missing and cannot be had.
 */
export async function fetchUnpacked(
  wanted: readonly HostNeed[],
  say: (sentence: string) => void,
): Promise<void> {
  const cache = cacheFolder();
  const absent = wanted.filter((one) => findUnpacked(one, cache) === undefined);
  if (absent.length === 0) return;
  if (DOWNLOAD_NEEDS.some((one) => findOnHost(one) === undefined)) throw missing(absent);
  for (const one of absent) {
    // One package may bring several of them.
    if (findUnpacked(one, cache) !== undefined) continue;
    say(`Downloading ${one.debianPackage} for ${one.name}, and unpacking it into ${cache}`);
    await unpackIntoCache(cache, one, say);
    if (findUnpacked(one, cache) === undefined) throw missing([one]);
  }
}

async function unpackIntoCache(
  cache: string,
  wanted: HostNeed,
  say: (sentence: string) => void,
): Promise<void> {
  await mkdir(join(cache, 'packages'), { recursive: true });
  // Unpacked beside its place and moved there whole: two that fetch at once do not meet.
  const work = await mkdtemp(join(cache, 'packages', 'unpacking-'));
  try {
    const unpacked = await unpackOrRefresh(work, wanted.debianPackage, say);
    const place = packageFolder(cache, wanted);
    await rename(unpacked, place).catch((error: unknown) => {
      if (!existsSync(place)) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Lists that are old or empty name versions the archive no longer has. */
async function unpackOrRefresh(
  folder: string,
  name: string,
  say: (sentence: string) => void,
): Promise<string> {
  try {
    return await unpackPackage(folder, name);
  } catch (error) {
    if (!(error instanceof LabRefusal)) throw error;
    const because = `the package lists here do not lead to ${name}`;
    await refreshPackageLists(say, because, foreignArchitecture(name));
    return unpackPackage(folder, name);
  }
}

function packageFolder(cache: string, { debianPackage }: HostNeed): string {
  return join(cache, 'packages', debianPackage);
}
