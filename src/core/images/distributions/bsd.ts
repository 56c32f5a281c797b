import type { TreeReader } from '../tree-reader.ts';
import { BOOTS_NOTHING, type Distribution, notThis, type Recognition } from './distribution.ts';
import { firstFile, isPlainName } from './tree-search.ts';

/** A shell script on every disc, which has the release in a line `USERLAND_VERSION="14.3-RELEASE"`. */
const FREEBSD_VERSION = 'bin/freebsd-version';
const MAX_VERSION_BYTES = 16 * 1024;
/** Folders at the top that are looked through for OpenBSD's, which is called for the release. */
const MAX_FOLDERS = 50;

const FREEBSD_NEEDS =
  'its loader (boot/loader.efi, or boot/pxeboot for BIOS) as the first program and its tree over NFS, with root-path (DHCP option 17) saying where; Muster gives out neither by itself yet';
const OPENBSD_NEEDS =
  'its loader (pxeboot, or BOOTX64.EFI) as the first program, which fetches bsd.rd as /bsd over TFTP; Muster gives out neither by itself yet';

/** The loaders of the BSDs are their own, and no kernel of theirs starts as Linux does. */
export const bsd: Distribution = {
  ...BOOTS_NOTHING,
  family: 'bsd',
  systems: 'FreeBSD, OpenBSD',
  looksFor: 'boot/kernel/kernel (FreeBSD), or <release>/<architecture>/bsd.rd (OpenBSD)',
  memory: '512 MiB',
  recognise,
};

async function recognise(tree: TreeReader): Promise<Recognition> {
  return (
    (await recogniseFreebsd(tree)) ??
    (await recogniseOpenbsd(tree)) ??
    notThis('there is no boot/kernel/kernel and no bsd.rd')
  );
}

async function recogniseFreebsd(tree: TreeReader): Promise<Recognition | undefined> {
  if ((await firstFile(tree, ['boot/kernel/kernel', 'boot/kernel/kernel.gz'])) === undefined)
    return undefined;
  const text = (await tree.text(FREEBSD_VERSION, MAX_VERSION_BYTES)) ?? '';
  const release = /^USERLAND_VERSION="(\d+\.\d+)[\w.-]*"/m.exec(text)?.[1] ?? '';
  return found(`FreeBSD ${release}`, release, '', FREEBSD_NEEDS);
}

async function recogniseOpenbsd(tree: TreeReader): Promise<Recognition | undefined> {
  for (const release of (await tree.folders('')).slice(0, MAX_FOLDERS)) {
    if (!/^\d\.\d$/.test(release)) continue;
    for (const architecture of (await tree.folders(release)).filter(isPlainName).slice(0, MAX_FOLDERS)) {
      if (await tree.isFile(`${release}/${architecture}/bsd.rd`)) {
        return found(`OpenBSD ${release}`, release, architecture, OPENBSD_NEEDS);
      }
    }
  }
  return (await tree.isFile('bsd.rd')) ? found('OpenBSD', '', '', OPENBSD_NEEDS) : undefined;
}

/** Their names of architectures, where the kernel of Linux has others. */
const ARCHITECTURES: Readonly<Record<string, string>> = { amd64: 'x86_64', arm64: 'aarch64', i386: 'i686' };

function found(title: string, release: string, architecture: string, needs: string): Recognition {
  return {
    recognised: true,
    tree: {
      family: 'bsd',
      title: title.trim(),
      release,
      architecture: ARCHITECTURES[architecture] ?? architecture,
      initrds: [],
      answerKind: 'none',
      needs,
      note: `this image boots nothing yet. It needs ${needs}`,
    },
  };
}
