import { assertOverIpv4, nfsPlace, type InstallSource, urlOf } from '../install-source.ts';
import type { TreeReader } from '../tree-reader.ts';
import {
  bootifWords,
  type BootImage,
  type Distribution,
  type InstallerBoot,
  nearlyThis,
  notThis,
  type Recognition,
} from './distribution.ts';
import { oneLine } from './one-line.ts';
import { fileMegabytes, filesLike, firstFile, isPlainName, memoryStep } from './tree-search.ts';

const ARCHITECTURES = ['x86_64', 'aarch64', 'i686'] as const;
/** Root file systems of the medium, in the order in which the hooks look for them. */
const SYSTEMS = ['airootfs.sfs', 'airootfs.erofs'];
/** Early microcode, which older discs have apart from the initramfs. It goes first. */
const MICROCODE = ['intel-ucode.img', 'amd-ucode.img', 'intel_ucode.img', 'amd_ucode.img'];
/** Folders at the top that are looked through. */
const MAX_FOLDERS = 50;
const MAX_VERSION_BYTES = 256;
/** The file system in memory has three quarters of it (`archiso_http_spc` and `copytoram_size`, 75%). */
const SHARE_OF_MEMORY = 0.75;
const WORKING_MEGABYTES = 512;

/** Systems by the folder that their discs keep everything in (`archisobasedir`). */
const TITLES: Readonly<Record<string, string>> = {
  arch: 'Arch Linux',
  sysresccd: 'SystemRescue',
  blackarch: 'BlackArch Linux',
};

/** Arch Linux and the discs that are made with its archiso, SystemRescue among them. */
export const archiso: Distribution = {
  family: 'archiso',
  systems: 'Arch Linux, SystemRescue, EndeavourOS, CachyOS, and other discs by archiso',
  looksFor: '<folder>/<architecture>/airootfs.sfs with <folder>/boot/<architecture>/vmlinuz…',
  sources: [{ protocol: 'http' }, { protocol: 'nfs' }],
  answers: ['script'],
  memory: 'its root file system and a third more, and at least 512 MiB beside it',
  recognise,
  installerArguments: ({ image, urls, bootMac }: InstallerBoot) => [
    ...attendedArguments(image, urls.source),
    // Arch's own live system fetches and runs it once it is up.
    `script=${urls.answer}`,
    ...bootifWords(bootMac),
  ],
  attendedArguments,
};

interface Medium {
  readonly base: string;
  readonly architecture: string;
  readonly system: string;
}

async function recognise(tree: TreeReader): Promise<Recognition> {
  const medium = await findMedium(tree);
  if (!medium) return notThis('there is no <folder>/<architecture>/airootfs.sfs or .erofs');
  const { base, architecture, system } = medium;
  const folder = `${base}/boot/${architecture}`;
  const [kernel] = await filesLike(tree, folder, /^vmlinuz/);
  if (kernel === undefined) return nearlyThis(`${system} is there, but no kernel ${folder}/vmlinuz…`);
  const flavour = kernel.slice(`${folder}/vmlinuz`.length);
  const initramfs = await firstFile(
    tree,
    [`initramfs${flavour}.img`, 'archiso.img', 'sysresccd.img', 'archiso_pxe.img'].map(
      (name) => `${folder}/${name}`,
    ),
  );
  if (initramfs === undefined) return nearlyThis(`${kernel} is there, but no initramfs beside it`);
  const release = await releaseOf(tree, base);
  const title = TITLES[base] ?? `Live system by archiso (${base})`;
  const size = await fileMegabytes(tree, system);
  const memory = memoryStep(Math.max(size / SHARE_OF_MEMORY, size + WORKING_MEGABYTES));
  return {
    recognised: true,
    tree: {
      family: 'archiso',
      title: `${title} ${release}`.trim(),
      release,
      architecture,
      kernel,
      initrds: [...(await microcodeOf(tree, base)), initramfs],
      answerKind: base === 'arch' ? 'script' : 'none',
      facts: { base },
      // The hook for NFS copies it as well, unless the profile adds copytoram=n.
      memoryMegabytes: { http: memory, nfs: memory },
    },
  };
}

async function findMedium(tree: TreeReader): Promise<Medium | undefined> {
  const folders = (await tree.folders('')).filter(isPlainName).slice(0, MAX_FOLDERS);
  for (const base of folders) {
    for (const architecture of ARCHITECTURES) {
      const system = await firstFile(
        tree,
        SYSTEMS.map((name) => `${base}/${architecture}/${name}`),
      );
      if (system !== undefined) return { base, architecture, system };
    }
  }
  return undefined;
}

async function microcodeOf(tree: TreeReader, base: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of MICROCODE) {
    if (await tree.isFile(`${base}/boot/${name}`)) found.push(`${base}/boot/${name}`);
  }
  return found;
}

/** Arch writes its date, `2025.11.01`; SystemRescue its version, `12.02`. */
async function releaseOf(tree: TreeReader, base: string): Promise<string> {
  const file = await firstFile(tree, [`${base}/version`, `${base}/VERSION`]);
  const text = file === undefined ? '' : oneLine((await tree.text(file, MAX_VERSION_BYTES)) ?? '');
  return /\d+(?:\.\d+)*/.exec(text)?.[0] ?? '';
}

/** archiso's README.bootparams. The URL ends with a slash, since the hooks put the folder straight behind it. */
function attendedArguments({ facts }: BootImage, source: InstallSource): readonly string[] {
  assertOverIpv4(source, 'a live system by archiso');
  const base = `archisobasedir=${facts?.['base'] ?? 'arch'}`;
  const place =
    source.protocol === 'nfs'
      ? `archiso_nfs_srv=${nfsPlace(source)}`
      : `archiso_http_srv=${urlOf(source, 'archiso')}/`;
  return [base, place, 'ip=dhcp'];
}
