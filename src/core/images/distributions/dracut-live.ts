import { type InstallSource, sourceUrl } from '../install-source.ts';
import type { TreeReader } from '../tree-reader.ts';
import {
  bootifWords,
  type BootImage,
  type Distribution,
  dracutNetworkWord,
  type InstallerBoot,
  nearlyThis,
  notThis,
  type Recognition,
} from './distribution.ts';
import { oneLine } from './one-line.ts';
import { findSuseBoot } from './suse-disc.ts';
import { fileMegabytes, memoryStep } from './tree-search.ts';

/** The live system, in the place that dracut's dmsquash-live and the makers of discs agree on. */
const LIVE_SYSTEM = 'LiveOS/squashfs.img';
/** Where discs keep kernel and initrd, besides those of SUSE's kin: Fedora up to 41, CentOS, Void. */
const PAIRS: readonly (readonly [kernel: string, initrd: string])[] = [
  ['images/pxeboot/vmlinuz', 'images/pxeboot/initrd.img'],
  ['isolinux/vmlinuz', 'isolinux/initrd.img'],
  ['isolinux/vmlinuz0', 'isolinux/initrd0.img'],
  ['boot/vmlinuz', 'boot/initrd'],
];
const MENUS = ['EFI/BOOT/grub.cfg', 'boot/grub2/grub.cfg', 'isolinux/isolinux.cfg', 'boot/grub/grub.cfg'];
const MAX_MENU_BYTES = 64 * 1024;
const WORKING_MEGABYTES = 1024;

/** Live discs of Fedora's kin, and of others whose initrd is dracut's: the live system is copied into memory. */
export const dracutLive: Distribution = {
  family: 'dracut-live',
  systems: 'Fedora Workstation and other live discs of Fedora, CentOS, openSUSE and Void',
  looksFor: `${LIVE_SYSTEM} with images/pxeboot/ or boot/<architecture>/loader/`,
  sources: [{ protocol: 'http' }, { protocol: 'ftp' }, { protocol: 'nfs' }],
  answers: [],
  memory: 'its live system and 1 GiB',
  recognise,
  installerArguments: ({ image, urls, bootMac }: InstallerBoot) => [
    ...attendedArguments(image, urls.source),
    ...bootifWords(bootMac),
  ],
  attendedArguments,
};

async function recognise(tree: TreeReader): Promise<Recognition> {
  if (!(await tree.isFile(LIVE_SYSTEM))) return notThis(`there is no ${LIVE_SYSTEM}`);
  const boot = (await findPair(tree)) ?? (await findSuseBoot(tree));
  if (!boot) return nearlyThis(`${LIVE_SYSTEM} is there, but no kernel with its initrd`);
  const { title, release } = await nameOf(tree);
  const memory = memoryStep((await fileMegabytes(tree, LIVE_SYSTEM)) + WORKING_MEGABYTES);
  return {
    recognised: true,
    tree: {
      family: 'dracut-live',
      title,
      release,
      architecture: boot.architecture,
      kernel: boot.kernel,
      initrds: [boot.initrd],
      answerKind: 'none',
      memoryMegabytes: { http: memory, ftp: memory, nfs: memory },
    },
  };
}

async function findPair(
  tree: TreeReader,
): Promise<{ readonly architecture: string; readonly kernel: string; readonly initrd: string } | undefined> {
  for (const [kernel, initrd] of PAIRS) {
    if (!(await tree.isFile(kernel)) || !(await tree.isFile(initrd))) continue;
    const architecture = (await tree.isFile('EFI/BOOT/BOOTAA64.EFI')) ? 'aarch64' : 'x86_64';
    return { architecture, kernel, initrd };
  }
  return undefined;
}

/** Its menu says it: `Start Fedora-Workstation-Live 42`, `Start Fedora-KDE-Desktop-Live 42`. */
async function nameOf(tree: TreeReader): Promise<{ readonly title: string; readonly release: string }> {
  for (const path of MENUS) {
    const text = (await tree.text(path, MAX_MENU_BYTES)) ?? '';
    const [, entry = ''] =
      /^[ \t]*(?:menuentry[ \t]+["']|menu label[ \t]+\^?)(?:Start[ \t]+)?([^"'\n{]{3,80})/im.exec(text) ?? [];
    const name = oneLine(entry);
    if (name !== '') {
      return { title: name, release: /\b\d+(?:\.\d+)*\b/.exec(name)?.[0] ?? '' };
    }
  }
  return { title: 'Live system by dracut', release: '' };
}

/** dracut.cmdline(7), "Booting live images". */
function attendedArguments(_image: BootImage, source: InstallSource): readonly string[] {
  return [
    `root=live:${sourceUrl(source)}/${LIVE_SYSTEM}`,
    'rd.live.image',
    dracutNetworkWord(source),
    'rd.neednet=1',
  ];
}
