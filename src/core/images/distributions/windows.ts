import type { TreeReader } from '../tree-reader.ts';
import { BOOTS_NOTHING, type Distribution, nearlyThis, notThis, type Recognition } from './distribution.ts';
import { fileInAnyCase, fileMegabytes, memoryStep } from './tree-search.ts';

const BOOT_IMAGE = 'sources/boot.wim';
/** The system that is installed, in the forms Microsoft gives it out. */
const SYSTEMS = ['sources/install.wim', 'sources/install.esd', 'sources/install.swm'];
/** What wimboot wants beside the boot image, on every disc since Vista. */
const BESIDE = ['boot/bcd', 'boot/boot.sdi'];
/** The boot image is a disk in memory. */
const WORKING_MEGABYTES = 1024;

const NEEDS =
  'iPXE with wimboot (2.9 or later for Windows 11 24H2), which starts sources/boot.wim; Muster writes no such script yet';
const NEEDS_SHARE =
  'a Windows file share (SMB) with this tree, since its setup takes install.wim from nowhere else';

/** Windows from Vista on, and Windows PE: recognised, so that the user learns what is missing. */
export const windows: Distribution = {
  ...BOOTS_NOTHING,
  family: 'windows',
  systems: 'Windows and Windows Server from Vista on, Windows PE',
  answers: ['unattend'],
  looksFor: `${BOOT_IMAGE} with boot/bcd and boot/boot.sdi, in any case`,
  memory: 'its boot image and 1 GiB',
  recognise,
};

async function recognise(tree: TreeReader): Promise<Recognition> {
  const image = await fileInAnyCase(tree, BOOT_IMAGE);
  if (image === undefined) return notThis(`there is no ${BOOT_IMAGE}`);
  for (const path of BESIDE) {
    if ((await fileInAnyCase(tree, path)) === undefined) {
      return nearlyThis(`${image} is there, but ${path} is not: copy the whole disc`);
    }
  }
  const system = await firstInAnyCase(tree, SYSTEMS);
  const needs = system === undefined ? NEEDS : `${NEEDS}; and ${NEEDS_SHARE}`;
  return {
    recognised: true,
    tree: {
      family: 'windows',
      title: system === undefined ? 'Windows PE' : 'Windows',
      release: '',
      architecture: await architectureOf(tree),
      initrds: [],
      answerKind: system === undefined ? 'none' : 'unattend',
      memoryMegabytes: { http: memoryStep((await fileMegabytes(tree, image)) + WORKING_MEGABYTES) },
      needs,
      note: `this image boots nothing yet. It needs ${needs}`,
    },
  };
}

async function architectureOf(tree: TreeReader): Promise<string> {
  for (const [path, architecture] of [
    ['efi/boot/bootx64.efi', 'x86_64'],
    ['efi/boot/bootaa64.efi', 'aarch64'],
  ] as const) {
    if ((await fileInAnyCase(tree, path)) !== undefined) return architecture;
  }
  // Discs of 32 bits boot by BIOS or have a boot manager for ia32; those of 64 bits before 8 have no folder of UEFI's.
  return (await fileInAnyCase(tree, 'efi/boot/bootia32.efi')) === undefined ? 'x86_64' : 'i686';
}

async function firstInAnyCase(tree: TreeReader, paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const found = await fileInAnyCase(tree, path);
    if (found !== undefined) return found;
  }
  return undefined;
}
