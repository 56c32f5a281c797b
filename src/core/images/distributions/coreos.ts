import { type InstallSource, urlOf } from '../install-source.ts';
import type { TreeReader } from '../tree-reader.ts';
import {
  besideAnswer,
  bootifWords,
  type BootImage,
  type Distribution,
  dracutNetworkWord,
  type InstallerBoot,
  nearlyThis,
  notThis,
  type Recognised,
  type Recognition,
} from './distribution.ts';
import { fileMegabytes, filesLike, memoryStep } from './tree-search.ts';

/** Beside the root file system, which is unpacked into memory. */
const WORKING_MEGABYTES = 1024;

/**
 * The three files of a network boot as they are downloaded: `fedora-coreos-42.20250901.3.0-live-kernel.x86_64`,
 * `rhcos-4.16.3-x86_64-live-kernel-x86_64` (a dash before the architecture up to 2024), `rhcos-live-kernel-x86_64`.
 */
const KERNEL =
  /^(?:fedora-coreos|rhcos|scos|centos-coreos)-(?:[\w.-]+-)?live-kernel[.-](x86_64|aarch64|ppc64le|s390x)$/;

const TITLES: readonly (readonly [start: string, title: string])[] = [
  ['fedora-coreos', 'Fedora CoreOS'],
  ['rhcos', 'Red Hat Enterprise Linux CoreOS'],
  ['scos', 'CentOS Stream CoreOS'],
  ['centos-coreos', 'CentOS Stream CoreOS'],
];

/** Fedora CoreOS and its kin of OpenShift: a live system that can write itself to a disk. */
export const coreos: Distribution = {
  family: 'coreos',
  systems: 'Fedora CoreOS, RHEL CoreOS (OpenShift), CentOS Stream CoreOS (OKD)',
  looksFor:
    '…-live-kernel…, …-live-initramfs… and …-live-rootfs…, or images/pxeboot/rootfs.img beside its kernel, as the live disc has it',
  // dracut's coreos-livepxe-rootfs fetches by curl, and takes http and https alone.
  sources: [{ protocol: 'http' }],
  answers: ['ignition'],
  memory: 'its root file system and 1 GiB',
  recognise,
  installerArguments,
  attendedArguments,
};

async function recognise(tree: TreeReader): Promise<Recognition> {
  const [kernel] = await filesLike(tree, '', KERNEL);
  if (kernel !== undefined) return await recogniseDownloads(tree, kernel);
  return await recogniseDisc(tree);
}

async function recogniseDownloads(tree: TreeReader, kernel: string): Promise<Recognition> {
  const architecture = KERNEL.exec(kernel)?.[1] ?? '';
  const start = kernel.slice(0, kernel.lastIndexOf('live-kernel'));
  const initramfs = `${start}live-initramfs.${architecture}.img`;
  const rootfs = `${start}live-rootfs.${architecture}.img`;
  for (const path of [initramfs, rootfs]) {
    // The three must be of one build: the initramfs compares a mark in the root file system.
    if (!(await tree.isFile(path)))
      return nearlyThis(`${kernel} is there, but ${path} of the same build is not`);
  }
  const title = TITLES.find(([name]) => kernel.startsWith(name))?.[1] ?? 'CoreOS';
  const release = /-(\d[\d.]*\d)-/.exec(start)?.[1] ?? '';
  return recognised(tree, { title, release, architecture, kernel, initrd: initramfs, rootfs });
}

const DISC = {
  kernel: 'images/pxeboot/vmlinuz',
  initrd: 'images/pxeboot/initrd.img',
  rootfs: 'images/pxeboot/rootfs.img',
};
const MAX_MENU_BYTES = 64 * 1024;

async function recogniseDisc(tree: TreeReader): Promise<Recognition> {
  if (!(await tree.isFile(DISC.rootfs))) {
    return notThis('there is no …-live-kernel…, and no images/pxeboot/rootfs.img');
  }
  for (const path of [DISC.kernel, DISC.initrd]) {
    if (!(await tree.isFile(path))) return nearlyThis(`${DISC.rootfs} is there, but ${path} is not`);
  }
  const menus = await Promise.all(
    ['EFI/fedora/grub.cfg', 'EFI/redhat/grub.cfg', 'EFI/centos/grub.cfg', 'isolinux/isolinux.cfg'].map(
      (path) => tree.text(path, MAX_MENU_BYTES),
    ),
  );
  const menu = menus.find((text) => text !== undefined) ?? '';
  const isRedHat = /rhel|rhcos|red hat/i.test(menu);
  return recognised(tree, {
    title: isRedHat ? 'Red Hat Enterprise Linux CoreOS' : 'Fedora CoreOS',
    release: '',
    architecture: (await tree.isFile('EFI/BOOT/BOOTAA64.EFI')) ? 'aarch64' : 'x86_64',
    ...DISC,
  });
}

async function recognised(
  tree: TreeReader,
  found: Pick<Recognised, 'title' | 'release' | 'architecture'> & {
    readonly kernel: string;
    readonly initrd: string;
    readonly rootfs: string;
  },
): Promise<Recognition> {
  const { rootfs, initrd, ...rest } = found;
  return {
    recognised: true,
    tree: {
      family: 'coreos',
      ...rest,
      title: `${rest.title} ${rest.release}`.trim(),
      initrds: [initrd],
      answerKind: 'ignition',
      facts: { rootfs },
      memoryMegabytes: { http: memoryStep((await fileMegabytes(tree, rootfs)) + WORKING_MEGABYTES) },
      note: 'it is installed on the disk; with the variable disk set to none, the machine runs from memory with this configuration',
    },
  };
}

/**
 * The live system gets a configuration of its own, which installs; where no disk is wanted, that of the answer file is for
 * the live system itself.
 */
function installerArguments({ image, urls, disk, bootMac }: InstallerBoot): readonly string[] {
  return [
    ...attendedArguments(image, urls.source),
    'ignition.firstboot',
    'ignition.platform.id=metal',
    `ignition.config.url=${liveConfig(urls.answer, disk)}`,
    ...bootifWords(bootMac),
  ];
}

/** What Ignition applies to a live system: the configuration that installs, or with the disk `none` the answer file. */
export function liveConfig(answer: string, disk: string | undefined): string {
  return disk === 'none' ? answer : besideAnswer(answer, 'live.ign');
}

function attendedArguments({ facts }: BootImage, source: InstallSource): readonly string[] {
  const rootfs = facts?.['rootfs'] ?? DISC.rootfs;
  return [
    `coreos.live.rootfs_url=${urlOf(source, 'CoreOS')}/${rootfs}`,
    dracutNetworkWord(source),
    'rd.neednet=1',
  ];
}
