import type { TreeReader } from '../tree-reader.ts';
import {
  bootifWords,
  type Distribution,
  type InstallerBoot,
  notThis,
  type Recognition,
} from './distribution.ts';
import { oneLine } from './one-line.ts';
import { fileMegabytes, firstFile, memoryStep, megabytesOf } from './tree-search.ts';

/** What its discs say of themselves, as shell variables. */
const MARKS = ['.cd-info', '.disk/info'];
const MAX_MARK_BYTES = 4096;
/** Files that only its discs have. */
const SIGNS = [
  '.pve-cd-id.txt',
  '.pbs-cd-id.txt',
  '.pmg-cd-id.txt',
  '.pdm-cd-id.txt',
  'pve-installer.squashfs',
];
const KERNELS = ['linux26', 'boot/linux26'];
const INITRDS = ['initrd', 'initrd.img', 'boot/initrd.img'];
/**
 * Kernel and initrd of a disc have 60 MiB together; an initrd that has the disc in it has more than a gibibyte.
 * Between them lies whatever a release may grow to.
 */
const LEAST_MEGABYTES_WITH_DISC = 600;
/** The disc lies in memory twice while it is unpacked, beside the installer at work. */
const WORKING_MEGABYTES = 1024;

const TITLES: Readonly<Record<string, string>> = {
  pve: 'Proxmox VE',
  pbs: 'Proxmox Backup Server',
  pmg: 'Proxmox Mail Gateway',
  pdm: 'Proxmox Datacenter Manager',
};

/** Unpacked first: the kernel looks for a second archive at multiples of four bytes, where a packed one rarely ends. */
const HOW_TO_EMBED =
  'an initrd with the disc image in it: unpack boot/initrd.img (zstd -d, or gzip -d) to initrd, name the image proxmox.iso, append it with "echo proxmox.iso | cpio -o -H newc >> initrd", and add the folder that holds boot/linux26 as linux26, this initrd and .cd-info';

/** Proxmox's products: the installer wants its own disc image as `/proxmox.iso` in its initrd. */
export const proxmox: Distribution = {
  family: 'proxmox',
  systems: 'Proxmox VE, Backup Server, Mail Gateway, Datacenter Manager',
  looksFor: '.cd-info with a product of Proxmox, or linux26 with an initrd that holds the disc',
  // All is in the initrd; it asks for its answers where its disc, DHCP or DNS say.
  sources: [],
  answers: ['proxmox'],
  memory: 'twice its initrd, which holds the disc, and 1 GiB',
  recognise,
  installerArguments: ({ bootMac }: InstallerBoot) => [
    ...WORDS,
    'proxmox-start-auto-installer',
    ...bootifWords(bootMac),
  ],
  attendedArguments: () => WORDS,
};

/** As its own menu says them. */
const WORDS = ['ro', 'ramdisk_size=16777216', 'rw', 'quiet', 'splash=silent'];

async function recognise(tree: TreeReader): Promise<Recognition> {
  const info = await readInfo(tree);
  const sign = await firstFile(tree, SIGNS);
  const kernel = await firstFile(tree, KERNELS);
  const product = TITLES[info['PRODUCT'] ?? ''];
  if (product === undefined && sign === undefined && kernel !== 'linux26') {
    return notThis('there is no .cd-info of Proxmox, and no linux26');
  }
  const release = /^[\d.]+$/.exec(info['RELEASE'] ?? '')?.[0] ?? '';
  const iso = /^\d+$/.exec(info['ISORELEASE'] ?? '')?.[0];
  const title =
    `${product ?? 'Proxmox'} ${release}${release === '' || iso === undefined ? '' : `-${iso}`}`.trim();
  const known = { family: 'proxmox', title, release, architecture: 'x86_64', answerKind: 'proxmox' } as const;
  const initrd = await firstFile(tree, INITRDS);
  const megabytes = initrd === undefined ? 0 : await fileMegabytes(tree, initrd);
  if (kernel !== undefined && initrd !== undefined && megabytes >= LEAST_MEGABYTES_WITH_DISC) {
    const memoryMegabytes = { http: memoryStep(2 * megabytes + WORKING_MEGABYTES) };
    return { recognised: true, tree: { ...known, kernel, initrds: [initrd], memoryMegabytes } };
  }
  const { discBytes } = tree;
  return {
    recognised: true,
    tree: {
      ...known,
      initrds: [],
      needs: HOW_TO_EMBED,
      note: `its installer looks for its disc and finds none over the network, so this image boots nothing. It needs ${HOW_TO_EMBED}`,
      ...(discBytes === undefined
        ? {}
        : { memoryMegabytes: { http: memoryStep(2 * megabytesOf(discBytes) + WORKING_MEGABYTES) } }),
    },
  };
}

/** Lines such as `PRODUCTLONG='Proxmox VE'`; `.disk/info` of other discs is a sentence, and gives nothing. */
async function readInfo(tree: TreeReader): Promise<Readonly<Record<string, string>>> {
  for (const path of MARKS) {
    const text = await tree.text(path, MAX_MARK_BYTES);
    if (text === undefined) continue;
    const entries = [...text.matchAll(/^([A-Z]+)='?([^'\n]*)'?\s*$/gm)];
    if (entries.length > 0) {
      return Object.fromEntries(entries.map(([, key = '', value = '']) => [key, oneLine(value)]));
    }
  }
  return {};
}
