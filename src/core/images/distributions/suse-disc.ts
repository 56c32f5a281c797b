import type { TreeReader } from '../tree-reader.ts';
import { oneLine } from './one-line.ts';

/** The folders below `boot/`, as the kernel says the architecture. */
const ARCHITECTURES = ['x86_64', 'aarch64', 'ppc64le', 's390x', 'i386', 'ppc64', 'riscv64'] as const;

/** Kernel and initrd in `boot/<architecture>/`, by how their discs name them; x86 has a folder for the boot loader. */
const PAIRS: readonly (readonly [kernel: string, initrd: string])[] = [
  ['loader/linux', 'loader/initrd'],
  ['linux', 'initrd'],
  ['linux.gz', 'initrd'],
];

/** The texts of `media.1` and `content` have some lines; grub.cfg some hundred. */
const MAX_TEXT_BYTES = 64 * 1024;

export interface SuseBoot {
  readonly architecture: string;
  readonly kernel: string;
  readonly initrd: string;
}

export async function findSuseBoot(tree: TreeReader): Promise<SuseBoot | undefined> {
  for (const architecture of ARCHITECTURES) {
    for (const [kernelName, initrdName] of PAIRS) {
      const kernel = `boot/${architecture}/${kernelName}`;
      const initrd = `boot/${architecture}/${initrdName}`;
      if ((await tree.isFile(kernel)) && (await tree.isFile(initrd))) {
        return { architecture, kernel, initrd };
      }
    }
  }
  return undefined;
}

/** Names of products in `media.1/products`, with what people call them. */
const PRODUCTS: readonly (readonly [shape: RegExp, title: string])[] = [
  [/^openSUSE-Leap/i, 'openSUSE Leap'],
  [/^openSUSE-Tumbleweed|^openSUSE$/i, 'openSUSE'],
  [/^SLE_HPC|^SLE-HPC/i, 'SUSE Linux Enterprise HPC'],
  [/^SLED|^SUSE_SLED/i, 'SUSE Linux Enterprise Desktop'],
  [/^SLE|^SUSE_SLE/i, 'SUSE Linux Enterprise Server'],
];

/**
 * `media.1/products` has a line for each product, `/ openSUSE-Leap 15.6-1`; discs up to SLE 12 have a file `content`
 * with `LABEL` or `DISTRO`. The menu of the disc's own GRUB is what is left, for live discs.
 */
export async function suseName(
  tree: TreeReader,
): Promise<{ readonly title: string; readonly release: string }> {
  const products = (await tree.text('media.1/products', MAX_TEXT_BYTES)) ?? '';
  const [, product = '', version = ''] = /^\/[ \t]+(\S+)[ \t]+([\d.]+)/m.exec(products) ?? [];
  if (product !== '') return named(product, version);
  const content = (await tree.text('content', MAX_TEXT_BYTES)) ?? '';
  const label = oneLine(/^LABEL[ \t]+(.+)$/m.exec(content)?.[1] ?? '');
  if (label !== '') {
    const release = /\d+(?:\.\d+)?(?:\s+SP\s*\d+)?/i.exec(label)?.[0] ?? '';
    return { title: label, release: release.replace(/\s+SP\s*/i, '.') };
  }
  const menu = (await tree.text('boot/grub2/grub.cfg', MAX_TEXT_BYTES)) ?? '';
  const entry = oneLine(/menuentry[ \t]+["']Install(?:ation of)?\s+([^"']{3,80})["']/.exec(menu)?.[1] ?? '');
  return entry === ''
    ? { title: 'SUSE Linux', release: '' }
    : { title: entry, release: /\d+(?:\.\d+)*/.exec(entry)?.[0] ?? '' };
}

function named(product: string, version: string): { readonly title: string; readonly release: string } {
  // `SLE-15-SP6-Full` or `SLE-15-SP5-Online` say the release in the product, and 15.6 or 15.5 beside it.
  const release = version.replace(/\.$/, '');
  const title = PRODUCTS.find(([shape]) => shape.test(product))?.[1] ?? product.replaceAll(/[-_]/g, ' ');
  return { title: oneLine(`${title} ${release}`), release };
}
