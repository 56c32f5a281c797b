import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DISC_NEEDS, requireAllOnHost, SIGNED_LOADER_NEEDS } from '../../src/lab/host-programs.ts';
import { mustRun } from '../../src/lab/run-program.ts';
import { requireUnpacked } from '../../src/lab/unpacked-packages.ts';

/** What discs of distributions are called at most (ECMA-119 §8.4.9: 32 letters). */
const LABEL = 'Tiny-1-x86_64';
/** 8 MiB, as mformat counts: shim and GRUB have five. */
const EFI_DISK = ['-h', '64', '-s', '32', '-t', '8'] as const;

/**
 * The tree of a distribution as a disc image, as distributions make theirs: Rock Ridge and Joliet. With loaders, as
 * Ubuntu does, behind the disc lies a partition that firmware of UEFI starts, in which there are shim and a GRUB that
 * knows the network. The tree has that GRUB nowhere.
 *
 * @param tree the folder of it.
 * @param path of the image.
 */
export async function makeTinyDisc(
  tree: string,
  path: string,
  loaders: 'with loaders' | 'without',
): Promise<void> {
  const work = await mkdtemp(`${path}-`);
  try {
    requireAllOnHost(Object.values(DISC_NEEDS));
    const efi = loaders === 'without' ? [] : await efiWords(join(work, 'efi.img'));
    await writeDisc({ tree, path, label: LABEL, more: efi });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

export async function writeDisc(wanted: {
  readonly tree: string;
  readonly path: string;
  readonly label: string;
  /** Further words for mkisofs. */
  readonly more?: readonly string[];
}): Promise<void> {
  const { tree, path, label, more = [] } = wanted;
  await mustRun(['xorriso', '-as', 'mkisofs', '-quiet', '-r', '-J', '-V', label, ...more, '-o', path, tree]);
}

async function efiWords(path: string): Promise<readonly string[]> {
  await mustRun(['mformat', '-C', '-i', path, ...EFI_DISK, '-v', 'EFI', '::']);
  await mustRun(['mmd', '-i', path, '::/EFI', '::/EFI/BOOT']);
  for (const [need, name] of [
    [SIGNED_LOADER_NEEDS.shim, 'BOOTX64.EFI'],
    [SIGNED_LOADER_NEEDS.netGrub, 'grubx64.efi'],
  ] as const)
    await mustRun(['mcopy', '-i', path, requireUnpacked(need), `::/EFI/BOOT/${name}`]);
  const behind = ['-append_partition', '2', '0xef', path, '-appended_part_as_gpt'];
  return [...behind, '-e', '--interval:appended_partition_2:all::', '-no-emul-boot'];
}
