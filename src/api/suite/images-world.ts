import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageArrivals } from '../../services/images/image-arrivals.ts';
import { ImageContents } from '../../services/images/image-contents.ts';
import { ImageService } from '../../services/images/image-service.ts';
import { MirrorService } from '../../services/mirrors/mirror-service.ts';
import type { Stores } from '../../core/stores.ts';
import type { ApiNeeds } from '../api-needs.ts';
import type { Ground } from './ground-world.ts';

/** Images and mirrors, with a tree and programs that lie on the disk. */

/** Without the look at the folder and without threads. */
export function composeImages(
  { images, arrivals }: Stores,
  given: Ground,
): Pick<ApiNeeds, 'images' | 'imageChecks' | 'imageArrivals' | 'imageContents' | 'imageWatch'> {
  const { roots, folder } = given;
  const imagesFolder = join(folder, 'data/images');
  const service = new ImageService({
    ...given,
    images,
    checks: { check: () => undefined, leave: () => undefined },
    dataFolder: join(folder, 'data'),
  });
  return {
    images: service,
    imageChecks: { percentOf: () => undefined },
    imageContents: new ImageContents(roots),
    imageArrivals: new ImageArrivals({ ...given, arrivals, images, service, fetch, imagesFolder }),
    imageWatch: { leave: async () => undefined },
  };
}

export function mirrorService({ mirrors }: Stores, { folder, events, clock, failed }: Ground): MirrorService {
  return new MirrorService({
    events,
    clock,
    failed,
    mirrors,
    folder: join(folder, 'mirrors'),
    freeBytes: 0,
    checkSeconds: 300,
  });
}

/** What a CentOS disc has that shows what it is. */
export async function makeTree(folder: string): Promise<string> {
  const tree = join(folder, 'centos');
  await mkdir(join(tree, 'images/pxeboot'), { recursive: true });
  await writeFile(
    join(tree, '.treeinfo'),
    '[general]\nfamily = CentOS\nversion = 7\narch = x86_64\n[images-x86_64]\nkernel = images/pxeboot/vmlinuz\ninitrd = images/pxeboot/initrd.img\n',
  );
  await writeFile(join(tree, 'images/pxeboot/vmlinuz'), 'kernel');
  await writeFile(join(tree, 'images/pxeboot/initrd.img'), 'initrd');
  return tree;
}

/** A system that has pxelinux.0 and no menu. */
export async function makeLoaders(folder: string): Promise<void> {
  const system = join(folder, 'system');
  await mkdir(join(system, 'etc'), { recursive: true });
  await mkdir(join(system, 'usr/lib/PXELINUX'), { recursive: true });
  await writeFile(join(system, 'etc/os-release'), 'ID=debian\n');
  await writeFile(join(system, 'usr/lib/PXELINUX/pxelinux.0'), 'loader');
}
