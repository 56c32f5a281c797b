import type { TreeReader } from '../tree-reader.ts';
import { bootifWords, type Distribution, type InstallerBoot, type Recognition } from './distribution.ts';
import { oneLine } from './one-line.ts';

/** Debian's names of architectures, the usual ones first, with what the kernel calls them. */
const ARCHITECTURES: readonly (readonly [debian: string, kernel: string])[] = [
  ['amd64', 'x86_64'],
  ['arm64', 'aarch64'],
  ['i386', 'i686'],
  ['ppc64el', 'ppc64le'],
  ['s390x', 's390x'],
  ['armhf', 'armv7l'],
  ['riscv64', 'riscv64'],
];

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
const DISC_KERNELS = ['install.amd/vmlinuz', 'install.386/vmlinuz', 'install.a64/vmlinuz', 'install/vmlinuz'];

/** The debian-installer: Debian, and Ubuntu up to 20.04. Kernel and initrd come from the netboot archive. */
export const debian: Distribution = {
  family: 'debian',
  looksFor:
    'a netboot tree of the debian-installer (debian-installer/<architecture>/linux and initrd.gz), at the top or one folder below',
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
    for (const [architecture] of ARCHITECTURES) {
      yield `dists/${suite}/main/installer-${architecture}/current/images/netboot/`;
    }
  }
}

async function netbootAt(tree: TreeReader, root: string): Promise<Recognition | undefined> {
  for (const vendorFolder of NETBOOT_FOLDERS) {
    for (const [debianName, kernelName] of ARCHITECTURES) {
      const folder = `${root}${vendorFolder}/${debianName}/`;
      const initrd = `${folder}initrd.gz`;
      if (!(await tree.isFile(initrd))) continue;
      const kernel = await firstFile(
        tree,
        KERNELS.map((name) => `${folder}${name}`),
      );
      if (kernel === undefined) {
        return { recognised: false, because: `${initrd} is there, but no kernel (linux) beside it` };
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
    return {
      recognised: false,
      because:
        'there is no debian-installer/<architecture>/initrd.gz, neither at the top nor one folder below',
    };
  }
  const info = oneLine((await tree.text('.disk/info', MAX_VERSION_BYTES)) ?? '');
  const release = /\d+(?:\.\d+)*/.exec(info)?.[0] ?? '';
  const architecture = ARCHITECTURES.find(([name]) => info.split(/[\s/]/).includes(name))?.[1] ?? '';
  return {
    recognised: true,
    tree: {
      family: 'debian',
      title: `${info === '' ? 'Debian' : info.split(' - ', 1)[0]} (disc, packages only)`,
      release,
      architecture,
      initrds: [],
      answerKind: 'preseed',
      note: `the installer in ${kernel.slice(0, kernel.lastIndexOf('/'))} looks for a disc and not for the network, so this image boots nothing: unpack netboot.tar.gz of the same release into a folder of its own and add that too`,
    },
  };
}

async function firstFile(tree: TreeReader, paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if (await tree.isFile(path)) return path;
  return undefined;
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
