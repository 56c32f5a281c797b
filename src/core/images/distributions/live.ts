import { assertOverIpv4, nfsPlace, type InstallSource } from '../install-source.ts';
import type { TreeReader } from '../tree-reader.ts';
import { readDiskInfo } from './disk-info.ts';
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
import { fileMegabytes, filesLike, firstFile, memoryStep } from './tree-search.ts';

/** Folders that live-boot looks in; Tails and others rename the medium's, not these. */
const FOLDER = 'live';
/** Beside the root file system in memory (netboot.xyz and others give half a gibibyte). */
const WORKING_MEGABYTES = 512;
const MAX_MARK_BYTES = 4096;

/** What a disc by live-boot is told beside where its root file system is. The first whose file is there counts. */
const KINDS: readonly {
  readonly kind: string;
  readonly title: string;
  readonly marks: readonly string[];
  readonly words: readonly string[];
}[] = [
  {
    kind: 'clonezilla',
    title: 'Clonezilla live',
    marks: ['Clonezilla-Live-Version', 'live/Clonezilla-Live-Version'],
    // As its own menu says them; the empty ones make it ask.
    words: [
      'union=overlay',
      'username=user',
      'config',
      'noswap',
      'edd=on',
      'nomodeset',
      'locales=',
      'keyboard-layouts=',
      'ocs_live_run=ocs-live-general',
      'ocs_live_extra_param=',
      'ocs_live_batch=no',
    ],
  },
  {
    kind: 'gparted',
    title: 'GParted live',
    marks: ['GParted-Live-Version', 'live/GParted-Live-Version'],
    words: ['union=overlay', 'username=user', 'config', 'noswap'],
  },
];

/** Debian's live discs, and rescue discs built like them: live-boot copies or mounts the root file system. */
export const live: Distribution = {
  family: 'live',
  systems: 'Debian live, Kali live, Clonezilla, GParted Live, VyOS, and other discs by live-boot',
  looksFor: 'live/vmlinuz with its initrd and live/filesystem.squashfs',
  sources: [{ protocol: 'http' }, { protocol: 'nfs' }, { protocol: 'ftp' }],
  answers: [],
  memory: 'over HTTP and FTP its root file system and 512 MiB; over NFS that stays on the server',
  recognise,
  installerArguments: ({ image, urls, bootMac }: InstallerBoot) => [
    ...attendedArguments(image, urls.source),
    ...bootifWords(bootMac),
  ],
  attendedArguments,
};

async function recognise(tree: TreeReader): Promise<Recognition> {
  const kernel =
    (await firstFile(tree, [`${FOLDER}/vmlinuz`, `${FOLDER}/vmlinuz1`])) ??
    (await filesLike(tree, FOLDER, /^vmlinuz-/)).at(-1);
  if (kernel === undefined) return notThis('there is no live/vmlinuz');
  const initrd = await initrdOf(tree, kernel);
  if (initrd === undefined) return nearlyThis(`${kernel} is there, but no initrd beside it`);
  const systems = await filesLike(tree, FOLDER, /\.squashfs$/);
  const system = systems.find((path) => path.endsWith('/filesystem.squashfs')) ?? systems[0];
  if (system === undefined) {
    return nearlyThis(`${kernel} is there, but no root file system (live/filesystem.squashfs)`);
  }
  const { kind, title, release, architecture } = await nameOf(tree);
  const memory = memoryStep((await fileMegabytes(tree, system)) + WORKING_MEGABYTES);
  return {
    recognised: true,
    tree: {
      family: 'live',
      title,
      release,
      architecture: architecture === '' ? 'x86_64' : architecture,
      kernel,
      initrds: [initrd],
      answerKind: 'none',
      facts: { system, ...(kind === undefined ? {} : { kind }) },
      memoryMegabytes: { http: memory, ftp: memory },
    },
  };
}

/** `initrd.img-6.1.0-25-amd64` goes with `vmlinuz-6.1.0-25-amd64`: an initrd of another kernel has no drivers for it. */
async function initrdOf(tree: TreeReader, kernel: string): Promise<string | undefined> {
  const suffix = kernel.slice(`${FOLDER}/vmlinuz`.length);
  return await firstFile(
    tree,
    [`initrd.img${suffix}`, `initrd${suffix}.img`, `initrd${suffix}`, `initrd${suffix}.gz`].map(
      (name) => `${FOLDER}/${name}`,
    ),
  );
}

async function nameOf(tree: TreeReader): Promise<{
  readonly kind?: string;
  readonly title: string;
  readonly release: string;
  readonly architecture: string;
}> {
  const info = await readDiskInfo(tree);
  for (const { kind, title, marks } of KINDS) {
    const mark = await firstFile(tree, marks);
    if (mark === undefined) continue;
    const text = oneLine((await tree.text(mark, MAX_MARK_BYTES)) ?? '');
    const release = /\d+(?:\.\d+)+(?:-\d+)?/.exec(text)?.[0] ?? '';
    const architecture = /\b(?:i686|i386)\b/.test(text) ? 'i686' : info.architecture;
    return { kind, title: `${title} ${release}`.trim(), release, architecture };
  }
  const { title, release, architecture } = info;
  return { title: title === '' ? 'Live system by live-boot' : title, release, architecture };
}

/** live-boot(7). It asks DHCP by itself; a word `ip=` would mean an address that is given. */
function attendedArguments({ facts }: BootImage, source: InstallSource): readonly string[] {
  const system = facts?.['system'] ?? `${FOLDER}/filesystem.squashfs`;
  assertOverIpv4(source, 'a live system by live-boot');
  const place =
    source.protocol === 'nfs'
      ? ['netboot=nfs', `nfsroot=${nfsPlace(source)}`]
      : [`fetch=${source.url}/${system}`];
  const more = KINDS.find(({ kind }) => kind === facts?.['kind'])?.words ?? [];
  // Switches with spanning tree are silent for up to half a minute; live-boot waits 15 s for a link unless told.
  return ['boot=live', 'components', ...more, ...place, 'ethdevice-timeout=60'];
}
