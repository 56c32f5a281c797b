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
import { fileMegabytes, firstFile, memoryStep } from './tree-search.ts';

/** As `netbootRamdisk` and `kernel` of its netboot build, or its release files, are called. */
const KERNELS = ['bzImage', 'bzImage-x86_64-linux', 'Image', 'Image-aarch64-linux'];
const INITRDS = ['initrd', 'initrd-x86_64-linux', 'initrd-aarch64-linux'];
/** The script that the same build makes. */
const SCRIPTS = ['netboot.ipxe', 'netboot-x86_64-linux.ipxe', 'netboot-aarch64-linux.ipxe'];
const MAX_SCRIPT_BYTES = 16 * 1024;
/** The root of the medium in the disc's form. */
const DISC_SYSTEM = 'nix-store.squashfs';
/** The initrd holds the whole system and is kept unpacked. */
const WORKING_MEGABYTES = 1024;

/** A path in Nix's store: a hash of 32 letters, a name, and the program that becomes the first process. */
const INIT = /^init=\/nix\/store\/[a-z0-9]{32}-nixos-system-([\w.+?=-]{1,120})\/init$/;
/** Words of a command line that stand in every loader's script as they are. */
const PLAIN_WORD = /^[\w.+?=/,:@%~-]{1,250}$/;

export const nixos: Distribution = {
  family: 'nixos',
  systems: 'NixOS',
  looksFor: 'bzImage, initrd and netboot.ipxe of a netboot build',
  // The initrd holds the whole system.
  sources: [],
  answers: [],
  memory: 'twice its initrd and 1 GiB',
  recognise,
  installerArguments: ({ image, bootMac }: InstallerBoot) => [
    ...attendedArguments(image),
    ...bootifWords(bootMac),
  ],
  attendedArguments,
};

async function recognise(tree: TreeReader): Promise<Recognition> {
  const script = await firstFile(tree, SCRIPTS);
  if (script === undefined) return await recogniseDisc(tree);
  const kernel = await firstFile(tree, KERNELS);
  const initrd = await firstFile(tree, INITRDS);
  if (kernel === undefined || initrd === undefined) {
    return nearlyThis(`${script} is there, but not ${kernel === undefined ? 'bzImage' : 'initrd'} beside it`);
  }
  const words = wordsOf((await tree.text(script, MAX_SCRIPT_BYTES)) ?? '');
  const name = words.map((word) => INIT.exec(word)?.[1]).find((found) => found !== undefined);
  if (name === undefined) return nearlyThis(`${script} names no init=/nix/store/…/init`);
  // `nixos-system-nixos-installer-25.05.20250901.abcdef0`, with the host's name before the release.
  const release = /-(\d\d\.\d\d)(?:[.\w-]*)$/.exec(name)?.[1] ?? '';
  return {
    recognised: true,
    tree: {
      family: 'nixos',
      title: `NixOS ${release}`.trim(),
      release,
      architecture: kernel.startsWith('Image') ? 'aarch64' : 'x86_64',
      kernel,
      initrds: [initrd],
      answerKind: 'none',
      facts: { words: words.join(' ') },
      memoryMegabytes: { http: memoryStep(2 * (await fileMegabytes(tree, initrd)) + WORKING_MEGABYTES) },
    },
  };
}

/** The initrd of a disc looks for the disc by its label, and has no network to look on. */
async function recogniseDisc(tree: TreeReader): Promise<Recognition> {
  if (!(await tree.isFile(DISC_SYSTEM))) return notThis('there is no netboot.ipxe with bzImage and initrd');
  return {
    recognised: true,
    tree: {
      family: 'nixos',
      title: 'NixOS (disc)',
      release: '',
      architecture: (await tree.isFile('EFI/BOOT/BOOTAA64.EFI')) ? 'aarch64' : 'x86_64',
      initrds: [],
      answerKind: 'none',
      needs: 'bzImage, initrd and netboot.ipxe of a netboot build of the same release',
      note: 'the initrd of the disc looks for the disc, so this image boots nothing: put bzImage, initrd and netboot.ipxe of a netboot build (config.system.build.netbootRamdisk and its kin) into a folder of its own and add that',
    },
  };
}

/**
 * The kernel's words in the script, `kernel bzImage init=… initrd=initrd loglevel=4 ${cmdline}`: the build made them for
 * this system, so they are said again, but for those that are for iPXE.
 */
function wordsOf(script: string): readonly string[] {
  const lines = script.split(/\r?\n/).map((line) => line.trim().split(/[ \t]+/));
  const words = lines.flatMap(([command = '', , ...rest]) =>
    /^(?:kernel|imgargs)$/.test(command) ? rest : [],
  );
  return words.filter((word) => PLAIN_WORD.test(word) && !word.startsWith('initrd='));
}

function attendedArguments({ facts }: BootImage): readonly string[] {
  return (facts?.['words'] ?? '').split(' ').filter((word) => word !== '');
}
