import { type InstallSource, urlOf } from '../install-source.ts';
import type { TreeReader } from '../tree-reader.ts';
import {
  besideAnswer,
  bootifWords,
  type BootImage,
  type Distribution,
  dracutNetworkWord,
  type InstallerBoot,
  notThis,
  type Recognition,
} from './distribution.ts';
import { findSuseBoot, suseName } from './suse-disc.ts';
import { fileMegabytes, memoryStep } from './tree-search.ts';

/** The live system that Agama runs in. */
const LIVE_SYSTEM = 'LiveOS/squashfs.img';
/** Folder of the packages on discs that have some (SLES 16 "Full"). */
const PACKAGES = 'install';
/** Beside the live system in memory: Agama with its web interface. */
const WORKING_MEGABYTES = 2048;
/** Where the script that runs first leaves the profile, with the disk in it. */
const PREPARED = 'file:///run/muster/profile.json';
/** Discs with a desktop to try have no entry that installs. */
const MAX_MENU_BYTES = 64 * 1024;

/** SUSE's installer since Leap 16 and SLES 16, which runs in a live system that dracut copies into memory. */
export const agama: Distribution = {
  family: 'agama',
  systems: 'openSUSE Leap 16, SUSE Linux Enterprise 16, and other discs with Agama',
  looksFor: `${LIVE_SYSTEM} beside boot/<architecture>/loader/linux, with a menu that installs`,
  // What both dracut's livenet and the library behind inst.install_url fetch.
  sources: [{ protocol: 'http' }, { protocol: 'ftp' }],
  answers: ['agama'],
  memory: 'its live system and 2 GiB',
  recognise,
  installerArguments,
  attendedArguments,
};

async function recognise(tree: TreeReader): Promise<Recognition> {
  const boot = await findSuseBoot(tree);
  if (!boot || !(await tree.isFile(LIVE_SYSTEM))) {
    return notThis(`there is no ${LIVE_SYSTEM} beside boot/<architecture>/loader/linux`);
  }
  const menu = (await tree.text('boot/grub2/grub.cfg', MAX_MENU_BYTES)) ?? '';
  if (!/menuentry[ \t]+["']Install/i.test(menu)) {
    return notThis('boot/grub2/grub.cfg has no entry that installs: it is a live disc');
  }
  const { title, release } = await suseName(tree);
  const memory = memoryStep((await fileMegabytes(tree, LIVE_SYSTEM)) + WORKING_MEGABYTES);
  const hasPackages = await tree.isFile(`${PACKAGES}/repodata/repomd.xml`);
  return {
    recognised: true,
    tree: {
      family: 'agama',
      title,
      release,
      architecture: boot.architecture,
      kernel: boot.kernel,
      initrds: [boot.initrd],
      answerKind: 'agama',
      memoryMegabytes: { http: memory, ftp: memory },
      ...(hasPackages
        ? { facts: { packages: PACKAGES } }
        : {
            note: 'it holds no packages: the installer takes them from the servers of its distribution, or from those that its profile or inst.install_url= names',
          }),
    },
  };
}

function installerArguments({ image, urls, bootMac }: InstallerBoot): readonly string[] {
  return [
    ...attendedArguments(image, urls.source),
    `inst.script=${besideAnswer(urls.answer, 'prepare.sh')}`,
    `inst.auto=${PREPARED}`,
    'inst.self_update=0',
    ...bootifWords(bootMac),
  ];
}

/** dracut.cmdline(7), "Booting live images", and Agama's own `inst.` words; it no longer knows `install=`. */
function attendedArguments(image: BootImage, source: InstallSource): readonly string[] {
  const url = urlOf(source, 'Agama');
  const packages = image.facts?.['packages'];
  return [
    `root=live:${url}/${LIVE_SYSTEM}`,
    'rd.live.image',
    dracutNetworkWord(source),
    'rd.neednet=1',
    ...(packages === undefined ? [] : [`inst.install_url=${url}/${packages}`]),
  ];
}
