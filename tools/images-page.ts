import { SIDE_FILES } from '../src/core/answers/side-files.ts';
import { ANSWER_FILES } from '../src/core/boot/machine-urls.ts';
import { DISTRIBUTIONS } from '../src/core/images/distributions/all.ts';
import type { AnswerKind } from '../src/core/images/image.ts';
import type { TakenSource } from '../src/core/images/install-source.ts';
import { page, table } from './page-parts.ts';

/** What is recognised and does not boot as it is, with what it needs. */
const NEEDS: readonly (readonly [image: string, needs: string])[] = [
  [
    'a disc of Debian, Kali, Devuan, or Ubuntu up to 20.04 with the classic installer',
    'Its installer looks for a disc. The netboot archive of the same release, in a folder of its own, boots (the note tells its URL); the variables `mirror` and `mirror_unsigned` make it install the packages of the disc',
  ],
  [
    'a disc of Ubuntu since 20.04, as a folder',
    'NFS, or the disc image itself: over HTTP it takes the whole disc',
  ],
  [
    'a boot or netinst disc of the Red Hat family',
    'It boots and has no packages: a template whose `url --url=` names a mirror',
  ],
  [
    "Alpine's disc",
    'It boots where its initramfs knows DHCP and the network card; else the folder `boot/` of the netboot archive in the place of its own',
  ],
  ['a disc of NixOS', 'A netboot build: bzImage, initrd and netboot.ipxe'],
  [
    'a disc of Proxmox',
    'An initrd with the disc image in it as `/proxmox.iso`: unpack `boot/initrd.img` (`zstd -d`, or `gzip -d`) to `initrd`, append the image with `echo proxmox.iso | cpio -o -H newc >> initrd`, and add a folder with `boot/linux26` as `linux26`, this `initrd` and `.cd-info`',
  ],
  ['Windows', 'wimboot, and a Windows file share for its setup; Muster starts neither yet'],
  [
    'VMware ESXi',
    'Its own loader mboot as the first program, and a boot.cfg with `prefix=`; Muster writes none yet',
  ],
  [
    'FreeBSD, OpenBSD',
    'Their own loaders as the first program; Muster gives them to no machine by itself yet',
  ],
];

/** What becomes of an image after it was added. */
const LIFE: readonly string[] = [
  '## From a file to an image',
  'A folder or a disc image on the server is served as it is, from where it is: nothing is mounted, copied or unpacked, and it boots at once.',
  '`muster image add https://…/x.iso` loads a disc image into the folder of images (`images` in the data folder, or the setting `images.folder`), `--upload` sends one of this computer through the API. Both go on where they ended when the connection breaks or Muster is started again (the same command once more), stand beside their place as `x.iso.part` until they are whole, and leave 256 MiB of the disk free. `muster image ls` tells how far they are, `muster image rm NAME` ends them. Only http and https are loaded from, at most five redirections are followed, and none from https to http.',
  'Whatever appears in the folder of images (`*.iso`, `*.img`, folders) becomes an image by itself once it stays as it is and nobody has it open for writing. Names that begin with a dot, and those of unfinished files (`.part`, `.crdownload`, …), are left. What is none is told once, in the timeline (`image.refused`). It is named for its title, else for its file; `muster image add FILE --name NAME` gives it another name while no profile uses it. What was forgotten with `muster image rm` is not added again until it is changed.',
  '## Whether it is whole',
  'In the background, one at a time, and with half of a processor at most, a disc image is compared with the first of these that there is: `--sha256`; a list beside it (`FILE.sha256`, `SHA256SUMS`, `CHECKSUM`, `…-CHECKSUM`, in the form of GNU or of BSD); the sums inside it of the files that a boot fetches (`[checksums]` of `.treeinfo`, `sha256sum.txt`, `md5sum.txt`). Of a folder it is the last. Signatures of lists are not checked.',
  table(
    ['state', 'what it means', 'boots'],
    [
      ['`good`', 'all that is known of it is right, or there is nothing to compare it with', 'yes'],
      ['`checking`', 'its checksum is not computed yet', 'yes'],
      ['`missing`', 'its files are not there; when they are back as they were, it is good again', 'no'],
      ['`changed`', 'its files are being written to, or are nothing any more that is recognised', 'no'],
      ['`damaged`', 'a checksum is wrong, or the end of the disc is missing', 'no'],
      ['`forced`', 'damaged, and booted all the same: `muster image check NAME --force`', 'yes'],
    ],
  ),
  'Where it does not boot, no install is armed with it, it is in no menu, and a machine whose install waits for it boots its own disk until it is whole again; `muster explain` and `muster status` say so. Files that changed are looked into anew, under the same name, and checked anew. File systems of other computers tell nothing by themselves: there a look every ten seconds finds what changed.',
];

export function imagesPage(): string {
  const rows = DISTRIBUTIONS.map((row) => [
    `\`${row.family}\``,
    row.systems,
    row.looksFor.replaceAll('<', '&lt;'),
    row.sources.length === 0 ? 'nothing' : row.sources.map(sourceText).join(', '),
    row.answers.map((kind) => `\`${kind}\``).join(', '),
    row.memory,
  ]);
  const answers = (Object.entries(ANSWER_FILES) as readonly (readonly [AnswerKind, string])[]).map(
    ([kind, file]) => [
      `\`${kind}\``,
      `\`${file}\``,
      (SIDE_FILES[kind] ?? []).map(({ name, sentence }) => `\`${name}\` ${sentence}`).join('; '),
    ],
  );
  return page(
    'Images',
    'src/core/images/distributions/ and tools/images-page.ts',
    'An image is a tree of files with an operating system in it: the content of its disc, a mirror, or the files of its netboot archive. `muster image add FOLDER` (or FILE.iso, or a URL) looks for the signs below, in this order, and takes the first family whose signs are whole. `--kernel` and `--initrd` put others in the place of those it finds; `--as files` serves a folder whatever it holds.',
    'A tree that no row knows boots with the words of its kin: `--as FAMILY --kernel … --initrd …`, where FAMILY is any of the first column (`--release` where the words depend on it).',
    'What is nearly a family is refused with what is missing. Of a disc that no family knows, its own menu (GRUB, isolinux, systemd-boot) is read, and the refusal has the command that makes its kernel an image.',
    table(['family', 'systems', 'recognised by', 'takes its files over', 'answer file', 'memory'], rows),
    'Of several protocols the first is the best for the installer. "The whole disc" is the disc image as one file, which a folder of its files cannot be. Those that take nothing have everything in their initrd, or do not boot.',
    ...LIFE,
    '## Answer files',
    'Muster has a template for each kind; a profile may bring its own (`--template`). What each holds: docs/answer-families.md.',
    table(['kind', 'name', 'beside it'], answers),
    '## What needs more',
    table(['image', 'what it needs'], NEEDS),
  );
}

/** `HTTP`, or `HTTP (the whole disc)`. */
function sourceText({ protocol, disc }: TakenSource): string {
  return `${protocol.toUpperCase()}${disc === undefined ? '' : ' (the whole disc)'}`;
}
