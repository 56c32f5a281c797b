import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cacheFolder } from '../../../src/lab/cache-folder.ts';
import { fetchKernel, wantedKernel } from '../../../src/lab/debian-kernel.ts';
import { LIVE_NEEDS } from '../../../src/lab/host-programs.ts';
import { fetchUnpacked } from '../../../src/lab/unpacked-packages.ts';
import { writeDisc } from '../tiny-disc.ts';
import { buildLiveInitrd } from './live-initrd.ts';
import { writeLiveRoot } from './live-root.ts';

/** What the disc is made by: when one of them changes, another disc is made. */
const RECIPE_FILES = ['live-disc.ts', 'live-initrd.ts', 'live-root.ts'];
const INFO = 'Debian GNU/Linux 12.0.0 "Bookworm" - Tiny live amd64 20230610-00:00\n';

/**
 * A live disc as Debian's are: live/vmlinuz, live/initrd.img with live-boot, live/filesystem.squashfs. Kept in the cache, so
 * that it needs an archive once.
 *
 * @throws LabRefusal when something it is made of cannot be had.
 */
export async function liveMaterial(say: (sentence: string) => void): Promise<void> {
  const disc = await liveDisc();
  if (existsSync(disc)) return;
  await fetchUnpacked(Object.values(LIVE_NEEDS), say);
  const cache = cacheFolder();
  await mkdir(cache, { recursive: true });
  const kernelPackage = await wantedKernel('amd64', say);
  const work = await mkdtemp(join(cache, 'building-'));
  try {
    say(
      `Downloading ${kernelPackage.name} ${kernelPackage.version} (about 30 MB), for a live disc by live-boot`,
    );
    const fetched = join(work, 'kernel');
    await mkdir(fetched);
    const kernel = await fetchKernel(kernelPackage, fetched);
    const tree = join(work, 'tree');
    for (const [path, bytes] of [
      ['live/vmlinuz', kernel.vmlinuz],
      ['live/initrd.img', await buildLiveInitrd(kernel)],
      ['.disk/info', Buffer.from(INFO)],
    ] as const) {
      await mkdir(dirname(join(tree, path)), { recursive: true });
      await writeFile(join(tree, path), bytes);
    }
    const root = join(work, 'root');
    await mkdir(root);
    await writeLiveRoot(root, join(tree, 'live/filesystem.squashfs'));
    const made = join(work, 'disc.iso');
    await writeDisc({ tree, path: made, label: 'Debian-12-live' });
    await rename(made, disc);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Where it is, once it was made. */
export async function liveDisc(): Promise<string> {
  const digest = createHash('sha256');
  for (const file of RECIPE_FILES) digest.update(await readFile(join(import.meta.dirname, file)));
  return join(cacheFolder(), `live-${digest.digest('hex').slice(0, 12)}.iso`);
}
