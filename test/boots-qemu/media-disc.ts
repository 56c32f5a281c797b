import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  BIOS_GRUB_NEEDS,
  DISC_LOADER_NEEDS,
  DISC_NEEDS,
  requireAllOnHost,
} from '../../src/lab/host-programs.ts';
import { mustRun } from '../../src/lab/run-program.ts';
import { requireUnpacked } from '../../src/lab/unpacked-packages.ts';
import { writeDisc } from './tiny-disc.ts';

/**
 * Whose layout: Debian's GRUB goes over two files to the long one; Fedora's has it beside itself, on the disc and in the EFI
 * image alike, and from a CD-ROM GRUB 2.06 reads the disc's; Ubuntu has GRUB for a BIOS too.
 */
export type DiscLayout = 'as Debian' | 'as Fedora' | 'as Ubuntu';

/** What the loaders would do by themselves, which nobody must ever see here. */
const OWN_MENU = "the disc's own menu";
/** A menu of a distribution has some kilobytes. */
const MENU_BYTES = 4_000;

const GRUB_MENU = filled(`set timeout=-1\nmenuentry "${OWN_MENU}" {\n  halt\n}\n`);

/** isolinux's, on both: as Debian, which has a short file that includes others. */
const ISOLINUX: Readonly<Record<string, string>> = {
  'isolinux/isolinux.cfg': [
    '# D-I config version 2.0',
    '# search path for the c32 support libraries (libcom32, libutil etc.)',
    'path ',
    'include menu.cfg',
    'prompt 1',
    'timeout 0',
    '',
  ].join('\n'),
  'isolinux/menu.cfg': filled(`say ${OWN_MENU}\n`),
  'isolinux/prompt.cfg': `say ${OWN_MENU}\nprompt 1\n`,
};

/** Debian's GRUB looks for a file of `.disk`, then reads the one of its processor, which goes on to the long one. */
const DEBIAN: Readonly<Record<string, string>> = {
  ...ISOLINUX,
  '.disk/mini-info': 'Tiny 1\n',
  'boot/grub/x86_64-efi/grub.cfg': 'insmod part_gpt\ninsmod iso9660\nsource /boot/grub/grub.cfg\n',
  'boot/grub/grub.cfg': GRUB_MENU,
};
const DEBIAN_EFI =
  'search --file --set=root /.disk/mini-info\nset prefix=($root)/boot/grub\nsource $prefix/x86_64-efi/grub.cfg\n';

const LAYOUTS: Readonly<
  Record<
    DiscLayout,
    {
      readonly files: Readonly<Record<string, string>>;
      /** Of GRUB, in the EFI image. */
      readonly efi: Readonly<Record<string, string>>;
      readonly efiImage: string;
      readonly bios: keyof typeof BIOS_LOADERS;
    }
  >
> = {
  'as Debian': {
    files: DEBIAN,
    efi: { 'EFI/debian/grub.cfg': DEBIAN_EFI },
    efiImage: 'boot/grub/efi.img',
    bios: 'isolinux',
  },
  'as Fedora': {
    files: { ...ISOLINUX, 'EFI/BOOT/grub.cfg': GRUB_MENU },
    efi: { 'EFI/BOOT/grub.cfg': GRUB_MENU },
    efiImage: 'images/efiboot.img',
    bios: 'isolinux',
  },
  'as Ubuntu': {
    files: { '.disk/mini-info': 'Tiny 1\n', 'boot/grub/grub.cfg': GRUB_MENU },
    efi: {},
    efiImage: 'boot/grub/efi.img',
    bios: 'GRUB',
  },
};

/** How each loader for a BIOS comes onto a disc, and what xorriso is told of it. */
const BIOS_LOADERS = {
  isolinux: {
    put: putIsolinux,
    words: '-b isolinux/isolinux.bin -c isolinux/boot.cat -no-emul-boot -boot-load-size 4 -boot-info-table',
  },
  GRUB: {
    put: putGrub,
    words:
      '-b boot/grub/i386-pc/eltorito.img -c boot.catalog -no-emul-boot -boot-load-size 4 -boot-info-table --grub2-boot-info',
  },
} as const;
/** On discs most of them lie beside GRUB, as files. */
const GRUB_MODULES =
  'biosdisk iso9660 normal configfile linux search search_fs_file echo test sleep reboot halt'.split(' ');

/** 8 MiB, as mformat counts: shim and GRUB have five. */
const EFI_IMAGE = ['-h', '64', '-s', '32', '-t', '8'] as const;
/** ECMA-119 §8.4.9. */
const LABEL = 'Tiny-1-x86_64';

/**
 * A disc that boots by itself, as a distribution's: isolinux or GRUB for a BIOS, shim and GRUB in an EFI image (El Torito), all of
 * Debian's packages, each with a menu that waits for a person.
 *
 * @param tree the folder of the distribution.
 * @param path of the disc.
 */
export async function makeMediaDisc(tree: string, path: string, layout: DiscLayout): Promise<void> {
  requireAllOnHost(Object.values(DISC_NEEDS));
  const { files, efi, efiImage, bios } = LAYOUTS[layout];
  const work = await mkdtemp(`${path}-`);
  try {
    const added = join(work, 'added');
    await writeFiles(added, files);
    await BIOS_LOADERS[bios].put(added);
    await mkdir(dirname(join(added, efiImage)), { recursive: true });
    await makeEfiImage(join(work, 'efi'), join(added, efiImage), efi);
    const uefi = `-eltorito-alt-boot -e ${efiImage} -no-emul-boot`;
    await writeDisc({
      tree,
      path,
      label: LABEL,
      more: [...`${BIOS_LOADERS[bios].words} ${uefi}`.split(' '), added],
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function putIsolinux(added: string): Promise<void> {
  const { isolinux, isolinuxModule } = DISC_LOADER_NEEDS;
  for (const [need, name] of [
    [isolinux, 'isolinux.bin'],
    [isolinuxModule, 'ldlinux.c32'],
  ] as const)
    await writeFile(join(added, 'isolinux', name), await readFile(requireUnpacked(need)));
}

async function putGrub(added: string): Promise<void> {
  const { mkimage, cdBoot } = BIOS_GRUB_NEEDS;
  const folder = join(added, 'boot/grub/i386-pc');
  await mkdir(folder, { recursive: true });
  const shape = ['-O', 'i386-pc-eltorito', '-d', dirname(requireUnpacked(cdBoot)), '-p', '/boot/grub'];
  const image = join(folder, 'eltorito.img');
  await mustRun([requireUnpacked(mkimage), ...shape, '-o', image, ...GRUB_MODULES]);
}

async function makeEfiImage(
  work: string,
  image: string,
  configs: Readonly<Record<string, string>>,
): Promise<void> {
  const { shim, grub } = DISC_LOADER_NEEDS;
  await writeFiles(work, configs);
  await mkdir(join(work, 'EFI/BOOT'), { recursive: true });
  for (const [need, name] of [
    [shim, 'BOOTX64.EFI'],
    [grub, 'grubx64.efi'],
  ] as const)
    await writeFile(join(work, 'EFI/BOOT', name), await readFile(requireUnpacked(need)));
  await mustRun(['mformat', '-C', '-i', image, ...EFI_IMAGE, '-v', 'EFI', '::']);
  await mustRun(['mcopy', '-s', '-i', image, join(work, 'EFI'), '::/']);
}

async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

/** With comments, which both loaders pass over. */
function filled(text: string): string {
  return `${text}${'# one of many lines\n'.repeat(Math.ceil(MENU_BYTES / 20))}`;
}
