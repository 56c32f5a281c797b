import { assertOverIpv4, type InstallSource, urlOf } from '../install-source.ts';
import type { TreeReader } from '../tree-reader.ts';
import {
  besideAnswer,
  bootifWords,
  type BootImage,
  type Distribution,
  type InstallerBoot,
  nearlyThis,
  notThis,
  type Recognition,
} from './distribution.ts';
import { oneLine } from './one-line.ts';
import { fileMegabytes, filesLike, isPlainName, memoryStep } from './tree-search.ts';

/** Where discs and the netboot archive keep them; the folder `releases/…/netboot` of a mirror has them at its top. */
const FOLDERS = ['boot', ''];
/** Beside the modules, which are copied into memory: the system, which lives there. */
const WORKING_MEGABYTES = 384;
const MAX_RELEASE_BYTES = 256;
/** Where packages come from when the tree has none. */
const MIRROR = 'http://dl-cdn.alpinelinux.org/alpine/latest-stable/main';
/** Alpine's names of architectures, where the kernel has others. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x86: 'i686', armv7: 'armv7l', armhf: 'armv6l' };
/** Folder of the packages on a disc. */
const PACKAGES = 'apks';

/** Alpine Linux: a system in memory, installed with setup-alpine. */
export const alpine: Distribution = {
  family: 'alpine',
  systems: 'Alpine Linux',
  looksFor: 'vmlinuz-<flavour>, initramfs-<flavour> and modloop-<flavour>, in boot/ or at the top',
  // `is_url` of its initramfs: http, https and ftp.
  sources: [{ protocol: 'http' }, { protocol: 'ftp' }],
  answers: ['alpine'],
  memory: 'its modules (modloop) and 384 MiB',
  recognise,
  installerArguments: ({ image, urls, bootMac }: InstallerBoot) => [
    ...attendedArguments(image, urls.source),
    `apkovl=${besideAnswer(urls.answer, 'muster.apkovl.tar.gz')}`,
    ...bootifWords(bootMac),
  ],
  attendedArguments,
};

async function recognise(tree: TreeReader): Promise<Recognition> {
  const found = await findModloop(tree);
  if (!found) return notThis('there is no modloop-<flavour>, in boot/ or at the top');
  const { folder, flavour, modloop } = found;
  const kernel = `${folder}vmlinuz-${flavour}`;
  const initramfs = `${folder}initramfs-${flavour}`;
  for (const path of [kernel, initramfs]) {
    if (!(await tree.isFile(path))) return nearlyThis(`${modloop} is there, but ${path} is not`);
  }
  const mark = oneLine((await tree.text('.alpine-release', MAX_RELEASE_BYTES)) ?? '');
  const release = /\d+\.\d+(?:\.\d+)?/.exec(mark)?.[0] ?? '';
  const isDisc = mark !== '';
  const hasPackages = (await tree.folders(PACKAGES)).length > 0;
  const memory = memoryStep((await fileMegabytes(tree, modloop)) + WORKING_MEGABYTES);
  return {
    recognised: true,
    tree: {
      family: 'alpine',
      title: `Alpine Linux ${release}`.trim(),
      release,
      architecture: await architectureOf(tree, flavour),
      kernel,
      initrds: [initramfs],
      answerKind: 'alpine',
      facts: { modloop, ...(hasPackages ? { packages: PACKAGES } : {}) },
      memoryMegabytes: { http: memory, ftp: memory },
      ...noteOf(isDisc, hasPackages),
    },
  };
}

function noteOf(isDisc: boolean, hasPackages: boolean): { readonly note?: string } {
  if (isDisc) {
    return {
      note: 'the initramfs of a disc may know no DHCP and hardly a network card: if it stops there, put the folder boot/ of the netboot archive (alpine-netboot-….tar.gz) of the same release in the place of that of the disc',
    };
  }
  return hasPackages
    ? {}
    : { note: `it holds no packages: it takes those of ${MIRROR} unless the profile adds alpine_repo=` };
}

async function findModloop(
  tree: TreeReader,
): Promise<{ readonly folder: string; readonly flavour: string; readonly modloop: string } | undefined> {
  for (const folder of FOLDERS) {
    const modloops = await filesLike(tree, folder, /^modloop-/);
    // Discs for every machine have `lts`, those for virtual ones `virt`; of several the one for every machine.
    const modloop = modloops.find((path) => path.endsWith('-lts')) ?? modloops[0];
    if (modloop === undefined) continue;
    const place = folder === '' ? '' : `${folder}/`;
    return { folder: place, flavour: modloop.slice(`${place}modloop-`.length), modloop };
  }
  return undefined;
}

/** A disc has a folder of packages for its architecture; boards say it in the flavour. */
async function architectureOf(tree: TreeReader, flavour: string): Promise<string> {
  if (flavour.startsWith('rpi')) return 'aarch64';
  const [architecture] = await tree.folders(PACKAGES);
  if (architecture === undefined || !isPlainName(architecture)) return 'x86_64';
  return ARCHITECTURES[architecture] ?? architecture;
}

/** mkinitfs-bootparams(7). */
function attendedArguments({ facts }: BootImage, source: InstallSource): readonly string[] {
  assertOverIpv4(source, 'Alpine Linux');
  const url = urlOf(source, 'Alpine Linux');
  const packages = facts?.['packages'];
  return [
    'ip=dhcp',
    'modules=loop,squashfs',
    `modloop=${url}/${facts?.['modloop'] ?? 'boot/modloop-lts'}`,
    `alpine_repo=${packages === undefined ? MIRROR : `${url}/${packages}`}`,
  ];
}
