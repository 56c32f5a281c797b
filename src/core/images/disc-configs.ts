/** The loaders of discs that read a configuration from them. */
export type DiscLoader = 'isolinux' | 'grub';

/** A configuration on a disc, or in the image on it that UEFI boots from. */
export interface DiscConfig {
  readonly loader: DiscLoader;
  readonly place: 'disc' | 'EFI image';
  readonly path: string;
  readonly size: number;
  /** Files of its folder that its loader takes for configurations too, and can be sent on to. */
  readonly neighbours: readonly { readonly path: string; readonly size: number }[];
}

/** Where they are, by loader: what a disc has of these is what its loaders read first. */
export const DISC_CONFIGS: Readonly<Record<DiscLoader, readonly string[]>> = {
  isolinux: [
    'isolinux/isolinux.cfg', //             Fedora's kin, Debian's, Ubuntu's
    'boot/isolinux/isolinux.cfg',
    'boot/x86_64/loader/isolinux.cfg', //   SUSE's
    'boot/i386/loader/isolinux.cfg',
    'boot/syslinux/syslinux.cfg', //        Alpine's
    'syslinux/isolinux.cfg',
    'isolinux.cfg',
  ],
  grub: [
    'boot/grub/grub.cfg', //                Debian's, Ubuntu's
    'boot/grub2/grub.cfg', //               Fedora's kin from EL 9 on, SUSE's
    'EFI/BOOT/grub.cfg', //                 Fedora's kin, for UEFI
    'EFI/boot/grub.cfg',
    'EFI/debian/grub.cfg',
    'EFI/fedora/grub.cfg',
  ],
};

/** Names that a neighbour ends with. */
export const CONFIG_ENDINGS: readonly string[] = ['.cfg', '.conf'];

export interface ConfigTexts {
  readonly isolinux: string;
  readonly grub: string;
}

export interface ConfigWrite {
  readonly place: DiscConfig['place'];
  readonly path: string;
  /** As long as what stood there. */
  readonly bytes: Uint8Array;
}

export interface DiscWrites {
  readonly writes: readonly ConfigWrite[];
  /** Loaders that start what they always did, and why. */
  readonly left: readonly string[];
}

/**
 * What is written into which configuration, so that every loader of a disc starts the installer. Nothing on a disc can
 * move or grow: where a text does not fit, the loader is sent on to a neighbour in which it does.
 */
export function decideDiscWrites(configs: readonly DiscConfig[], texts: ConfigTexts): DiscWrites {
  const writes: ConfigWrite[] = [];
  const left: string[] = [];
  // Those on the disc first: an EFI image can be sent on to them.
  for (const config of configs.toSorted((one, other) => rank(one) - rank(other))) {
    const fitted = fit(config, texts, writes);
    if ('because' in fitted) left.push(fitted.because);
    else writes.push(...fitted.writes);
  }
  return { writes, left };
}

function rank({ place }: DiscConfig): number {
  return place === 'disc' ? 0 : 1;
}

function fit(
  config: DiscConfig,
  texts: ConfigTexts,
  done: readonly ConfigWrite[],
): { readonly writes: readonly ConfigWrite[] } | { readonly because: string } {
  const { loader, place, path, size, neighbours } = config;
  const text = encoder.encode(texts[loader]);
  if (text.length <= size) return { writes: [{ place, path, bytes: padded(text, size) }] };
  const roomy = neighbours.filter((one) => one.size >= text.length).toSorted((a, b) => b.size - a.size)[0];
  if (roomy) {
    const way = encoder.encode(wayTo(loader, place, roomy.path));
    if (way.length <= size)
      return {
        writes: [
          { place, path, bytes: padded(way, size) },
          { place, path: roomy.path, bytes: padded(text, roomy.size) },
        ],
      };
  }
  const written = done.find((write) => write.place === 'disc' && DISC_CONFIGS.grub.includes(write.path));
  if (loader === 'grub' && written) {
    const way = encoder.encode(wayTo(loader, 'disc', written.path));
    if (way.length <= size) return { writes: [{ place, path, bytes: padded(way, size) }] };
  }
  const where = place === 'disc' ? path : `${path} of its EFI image`;
  return { because: `${where} has room for ${size} bytes, and ${text.length} are wanted` };
}

/** The line that sends a loader on. In an EFI image GRUB is at its root already. */
function wayTo(loader: DiscLoader, place: DiscConfig['place'], path: string): string {
  if (loader === 'isolinux') return `include ${path.slice(path.lastIndexOf('/') + 1)}\n`;
  return place === 'disc'
    ? `search --no-floppy --set=root --file /${path}\nconfigfile /${path}\n`
    : `configfile /${path}\n`;
}

const encoder = new TextEncoder();
const NEWLINE = 0x0a;

/** Empty lines mean nothing to either loader. */
function padded(text: Uint8Array, size: number): Uint8Array {
  const bytes = new Uint8Array(size).fill(NEWLINE);
  bytes.set(text);
  return bytes;
}
