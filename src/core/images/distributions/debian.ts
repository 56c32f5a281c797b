import type { TreeReader } from '../tree-reader.ts';
import { DEBIAN_ARCHITECTURES, type DiskInfo, readDiskInfo } from './disk-info.ts';
import {
  bootifWords,
  type Distribution,
  type InstallerBoot,
  nearlyThis,
  notThis,
  type Recognition,
} from './distribution.ts';
import { firstFile } from './tree-search.ts';

/** The folder at the top of a netboot archive, by vendor. */
const NETBOOT_FOLDERS = ['debian-installer', 'ubuntu-installer'];
const KERNELS = ['linux', 'vmlinuz', 'vmlinux'];
/** Deeper places where trees keep the netboot folder: Ubuntu's server discs up to 20.04. */
const DEEPER_ROOTS = ['install/netboot'];
/** Folders looked through for a netboot tree, at the top and in a mirror's `dists`. */
const MAX_FOLDERS = 100;

/** Files in the netboot archive that name the release, with how. */
const VERSION_FILES: readonly { readonly file: string; readonly shape: RegExp }[] = [
  { file: 'version.info', shape: /^(\w+) version:\s+([\w./-]+) \(([\w-]+)\)/m },
  {
    file: 'boot-screens/f1.txt',
    shape: /This is an? (\w+) ([\w./-]+) \(([\w-]+)\) installation/,
  },
];
const MAX_VERSION_BYTES = 16 * 1024;

/** A disc's installer folder, which looks for a disc and not for the network. */
const DISC_KERNELS = [
  'install.amd/vmlinuz',
  'install.386/vmlinuz',
  'install.a64/vmlinuz',
  'install.ppc/vmlinux',
  'install.rv64/vmlinuz',
  'install/vmlinuz',
  'install/vmlinux',
];

/** The installer's memory at work, in MiB (installation guide, "Minimum Hardware Requirements"). */
const INSTALLER_MEGABYTES = 512;

/** The debian-installer: Debian, and Ubuntu up to 20.04. Kernel and initrd come from the netboot archive. */
export const debian: Distribution = {
  family: 'debian',
  systems: 'Debian, Kali and Devuan by the debian-installer, Ubuntu up to 20.04',
  looksFor:
    'a netboot tree of the debian-installer (debian-installer/<architecture>/linux and initrd.gz), at the top or one folder below',
  // It is all in its initrd; packages come from the mirror that the answer file names.
  sources: [],
  answers: ['preseed'],
  memory: '512 MiB',
  recognise,
  installerArguments,
  // It asks for a mirror by itself.
  attendedArguments: () => [],
};

async function recognise(tree: TreeReader): Promise<Recognition> {
  for await (const root of netbootRoots(tree)) {
    const found = await netbootAt(tree, root);
    if (found) return found;
  }
  return await recogniseDisc(tree);
}

/** Places where a netboot tree may begin, each with its slash at the end; cheapest first. */
async function* netbootRoots(tree: TreeReader): AsyncGenerator<string> {
  yield '';
  for (const folder of (await tree.folders('')).slice(0, MAX_FOLDERS)) yield `${folder}/`;
  for (const folder of DEEPER_ROOTS) yield `${folder}/`;
  const suites = await tree.folders('dists');
  for (const suite of suites.slice(0, MAX_FOLDERS)) {
    for (const [architecture] of DEBIAN_ARCHITECTURES) {
      yield `dists/${suite}/main/installer-${architecture}/current/images/netboot/`;
    }
  }
}

async function netbootAt(tree: TreeReader, root: string): Promise<Recognition | undefined> {
  for (const vendorFolder of NETBOOT_FOLDERS) {
    for (const [debianName, kernelName] of DEBIAN_ARCHITECTURES) {
      const folder = `${root}${vendorFolder}/${debianName}/`;
      const initrd = `${folder}initrd.gz`;
      if (!(await tree.isFile(initrd))) continue;
      const kernel = await firstFile(
        tree,
        KERNELS.map((name) => `${folder}${name}`),
      );
      if (kernel === undefined) {
        return nearlyThis(`${initrd} is there, but no kernel (linux) beside it`);
      }
      const { title, release } = await readVersion(tree, root, folder, vendorFolder);
      return {
        recognised: true,
        tree: {
          family: 'debian',
          title,
          release,
          architecture: kernelName,
          kernel,
          initrds: [initrd],
          answerKind: 'preseed',
          memoryMegabytes: { http: INSTALLER_MEGABYTES },
        },
      };
    }
  }
  return undefined;
}

async function readVersion(
  tree: TreeReader,
  root: string,
  folder: string,
  vendorFolder: string,
): Promise<{ readonly title: string; readonly release: string }> {
  for (const { file, shape } of VERSION_FILES) {
    for (const place of [root, folder]) {
      const [, vendor, release, codename] =
        shape.exec((await tree.text(`${place}${file}`, MAX_VERSION_BYTES)) ?? '') ?? [];
      if (vendor !== undefined && release !== undefined) {
        return { title: `${vendor} ${release} (${codename})`, release };
      }
    }
  }
  return { title: vendorFolder === 'ubuntu-installer' ? 'Ubuntu' : 'Debian', release: '' };
}

/** A copied disc: its packages can be served, but its own initrd would wait for the disc to be put in. */
async function recogniseDisc(tree: TreeReader): Promise<Recognition> {
  const kernel = await firstFile(tree, DISC_KERNELS);
  if (kernel === undefined) {
    return notThis(
      'there is no debian-installer/<architecture>/initrd.gz, neither at the top nor one folder below',
    );
  }
  const info = await readDiskInfo(tree);
  const archive = await netbootArchive(tree, info);
  const needs = `netboot.tar.gz of the same release${archive === undefined ? '' : ` (${archive})`}`;
  return {
    recognised: true,
    tree: {
      family: 'debian',
      title: `${info.title === '' ? 'Debian' : info.title} (disc, packages only)`,
      release: info.release,
      architecture: info.architecture,
      initrds: [],
      answerKind: 'preseed',
      needs,
      note: `the installer in ${kernel.slice(0, kernel.lastIndexOf('/'))} looks for a disc and not for the network, so this image boots nothing: unpack ${needs} into a folder of its own and add that too; the variables mirror and mirror_unsigned make it install the packages of this disc, as long as the archive is of the same point release: kernel modules of another build do not fit`,
    },
  };
}

/** Where each vendor keeps the archive, by what its discs are called. Ubuntu: the last one, 20.04. */
const ARCHIVES: readonly {
  readonly named: RegExp;
  readonly mirror: string;
  readonly images: string;
}[] = [
  { named: /^debian/i, mirror: 'https://deb.debian.org/debian', images: 'images' },
  { named: /^kali/i, mirror: 'https://http.kali.org/kali', images: 'images' },
  { named: /^devuan/i, mirror: 'https://deb.devuan.org/devuan', images: 'images' },
  { named: /^ubuntu.* 20\.04/i, mirror: 'http://archive.ubuntu.com/ubuntu', images: 'legacy-images' },
];

/** Suites that a disc has in its `dists`; more would be a mirror's. */
const MAX_SUITES = 20;

/** The URL of the archive that goes with a disc, where the disc says enough of itself. */
async function netbootArchive(tree: TreeReader, info: DiskInfo): Promise<string | undefined> {
  const archive = ARCHIVES.find(({ named }) => named.test(info.title));
  // Beside the code name there are names such as `stable`, which mean another release later.
  const suites = (await tree.folders('dists')).slice(0, MAX_SUITES);
  const suite =
    suites.find((name) => name === 'kali-rolling' || Object.values(CODENAMES).includes(name)) ??
    debianCodename(info);
  if (!archive || suite === undefined || info.debianArchitecture === '') return undefined;
  return `${archive.mirror}/dists/${suite}/main/installer-${info.debianArchitecture}/current/${archive.images}/netboot/netboot.tar.gz`;
}

/**
 * Besides the answer file's URL, what must be known before the installer has a network to read it over: the
 * network card, the host name and the domain. `auto=true` puts off the questions on language and keyboard until
 * the answers are there. All aliases stand in the initrd's /etc/preseed_aliases. A profile that wants words
 * copied to the installed system's own command line adds `---` and these words after it.
 */
function installerArguments({ urls, hostName, domain, bootMac }: InstallerBoot): readonly string[] {
  return [
    'auto=true',
    'priority=critical',
    `url=${urls.answer}`,
    // With `auto` netcfg takes the card that BOOTIF names, else the first one that has a link.
    'interface=auto',
    `hostname=${hostName}`,
    ...(domain === undefined ? [] : [`domain=${domain}`]),
    // Switches with spanning tree are silent for up to half a minute; the installer waits 3 s for a link unless told.
    'netcfg/link_wait_timeout=20',
    'netcfg/dhcp_timeout=60',
    // rootskel starts busybox' syslogd with -R by these, over UDP.
    ...(urls.syslog === undefined ? [] : [`log_host=${urls.syslog.address}`, `log_port=${urls.syslog.port}`]),
    ...bootifWords(bootMac),
  ];
}

/** Code names by release, for the suite of the package mirror. */
const CODENAMES: Readonly<Record<string, string>> = {
  '8': 'jessie',
  '9': 'stretch',
  '10': 'buster',
  '11': 'bullseye',
  '12': 'bookworm',
  '13': 'trixie',
  '14': 'forky',
  '16.04': 'xenial',
  '18.04': 'bionic',
  '20.04': 'focal',
};

/** The suite to install from, or undefined where the installer's own default must do. */
export function debianCodename(image: {
  readonly title: string;
  readonly release: string;
}): string | undefined {
  const named = /\((\w+)\)/.exec(image.title)?.[1];
  if (named !== undefined && Object.values(CODENAMES).includes(named)) return named;
  const [major = '', minor = ''] = image.release.split('.');
  return CODENAMES[major] ?? CODENAMES[`${major}.${minor}`];
}
