import { closeSync, ftruncateSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from '../../src/lab/run-program.ts';

/** What a disc shall hold beside its installer. */
export interface DiscWish {
  readonly folders: number;
  readonly filesInEach: number;
  /** Of files without content; one above 4 GiB takes several extents. */
  readonly largeFiles: readonly number[];
}

const GIB = 2 ** 30;
/** xorriso writes the empty gigabytes for real. */
const TIMEOUT_MS = 600_000;

/** As large as a distribution's disc with all packages, and with as many of them. */
export const LARGE_DISC: DiscWish = {
  folders: 500,
  filesInEach: 100,
  largeFiles: [5 * GIB, 2 * GIB, 2 * GIB, GIB],
};

export const INSTALL_DISC: DiscWish = { folders: 20, filesInEach: 100, largeFiles: [5 * GIB] };

export const KERNEL = 'images/pxeboot/vmlinuz';
export const KERNEL_TEXT = 'the kernel of a disc that is measured\n';

const TREEINFO = `[general]
family = CentOS
version = 7
arch = x86_64
[images-x86_64]
kernel = ${KERNEL}
initrd = images/pxeboot/initrd.img
`;

/** A disc of the RHEL family, made by xorriso with Rock Ridge, at this path. */
export async function makeDisc(path: string, wish: DiscWish): Promise<void> {
  const tree = `${path}.tree`;
  mkdirSync(join(tree, 'images/pxeboot'), { recursive: true });
  writeFileSync(join(tree, '.treeinfo'), TREEINFO);
  writeFileSync(join(tree, KERNEL), KERNEL_TEXT);
  writeFileSync(join(tree, 'images/pxeboot/initrd.img'), 'an initial RAM disk\n');
  for (let folder = 0; folder < wish.folders; folder += 1) {
    const place = join(tree, 'Packages', `group-${folder}`);
    mkdirSync(place, { recursive: true });
    for (let file = 0; file < wish.filesInEach; file += 1)
      writeFileSync(join(place, `a-package-of-group-${folder}-${file}-1.0-1.x86_64.rpm`), `${file}\n`);
  }
  for (const [number, bytes] of wish.largeFiles.entries()) {
    const descriptor = openSync(join(tree, `large-${number}`), 'w');
    ftruncateSync(descriptor, bytes);
    closeSync(descriptor);
  }
  await mustRun(
    ['xorriso', '-as', 'mkisofs', '-quiet', '-iso-level', '3', '-R', '-J', '-joliet-long', '-o', path, tree],
    { timeoutMs: TIMEOUT_MS },
  );
  rmSync(tree, { recursive: true });
}
