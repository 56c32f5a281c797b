import type { Cpu } from '../boot/firmware.ts';
import type { TreeReader } from './tree-reader.ts';

/**
 * A shim and the GRUB it goes on with, both signed by whoever made the image: with Secure Boot only they start its
 * kernel. Paths are relative to the image's folder.
 */
export interface ImageLoader {
  readonly cpu: Cpu;
  /** What the firmware fetches. */
  readonly first: string;
  /** What that fetches from its own folder. */
  readonly next: string;
}

/**
 * Of a disc image, where a reader shows what is in the disk that UEFI firmware starts from the disc (El Torito, UEFI 2.10
 * §13.3.2). Some discs have their loaders nowhere else. No door lists it, and a file of the disc goes before it.
 */
export const EFI_IMAGE_FOLDER = '.efi-image';
/** UEFI's own folder on discs (UEFI 2.10 §3.5.1.1), as distributions spell it; in its disk case means nothing. */
const DISC_FOLDERS = ['EFI/BOOT', 'EFI/boot', 'efi/boot', `${EFI_IMAGE_FOLDER}/EFI/BOOT`] as const;
const CPUS = ['x64', 'aa64', 'ia32'] as const;

/**
 * Looks for them: on discs in UEFI's own folder (the Fedora, Debian and SUSE families; SUSE's GRUB is `grub.efi`), then
 * in that of the disk that firmware starts from the disc; in netboot archives of the debian-installer beside the kernel,
 * where its shim is `bootnetx64.efi`. A GRUB that knows no TFTP is passed over: that of Debian's discs stands at its
 * prompt when it comes over the network (seen with 2.06).
 *
 * @param kernel the image's kernel, relative to its folder.
 */
export async function findImageLoaders(
  tree: Pick<TreeReader, 'isFile' | 'text'>,
  kernel: string | undefined,
): Promise<readonly ImageLoader[]> {
  const beside = kernel?.includes('/') === true ? kernel.slice(0, kernel.lastIndexOf('/')) : undefined;
  const found: ImageLoader[] = [];
  for (const cpu of CPUS) {
    const loader = await firstPair(tree, pairsOf(cpu, beside));
    if (loader) found.push({ cpu, ...loader });
  }
  return found;
}

type Pair = Pick<ImageLoader, 'first' | 'next'>;

function pairsOf(cpu: string, beside: string | undefined): readonly Pair[] {
  const onDisc = DISC_FOLDERS.flatMap((folder) =>
    [`BOOT${cpu.toUpperCase()}.EFI`, `boot${cpu}.efi`].flatMap((first) =>
      [`grub${cpu}.efi`, 'grub.efi'].map((next) => ({
        first: `${folder}/${first}`,
        next: `${folder}/${next}`,
      })),
    ),
  );
  if (beside === undefined) return onDisc;
  return [{ first: `${beside}/bootnet${cpu}.efi`, next: `${beside}/grub${cpu}.efi` }, ...onDisc];
}

async function firstPair(
  tree: Pick<TreeReader, 'isFile' | 'text'>,
  pairs: readonly Pair[],
): Promise<Pair | undefined> {
  for (const pair of pairs) {
    if ((await tree.isFile(pair.first)) && (await knowsTftp(tree, pair.next))) return pair;
  }
  return undefined;
}

/** The option that GRUB's TFTP asks for; it stands in no other part of it. */
const TFTP_OPTION = 'blksize';
/** Signed GRUBs have 1 to 4 MiB. */
const MAX_GRUB_BYTES = 16 * 1024 * 1024;

async function knowsTftp(tree: Pick<TreeReader, 'text'>, grub: string): Promise<boolean> {
  return (await tree.text(grub, MAX_GRUB_BYTES))?.includes(TFTP_OPTION) === true;
}
