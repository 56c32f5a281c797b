import { assertOverIpv4, discOf, nfsPlace, type InstallSource } from '../install-source.ts';
import type { TreeReader } from '../tree-reader.ts';
import { readDiskInfo } from './disk-info.ts';
import {
  besideAnswer,
  bootifWords,
  type BootImage,
  type Distribution,
  type InstallerBoot,
  nearlyThis,
  notThis,
  type Recognised,
  type Recognition,
} from './distribution.ts';
import { filesLike, firstFile, megabytesOf, memoryStep } from './tree-search.ts';

/** The initrd of a disc, by the age of the disc. */
const INITRDS = ['casper/initrd', 'casper/initrd.gz', 'casper/initrd.lz', 'casper/initrd.img'];
const KERNELS = ['casper/vmlinuz', 'casper/vmlinuz.efi'];
/** Where the installer's system is mounted from the server, it needs no more than the installer at work. */
const MOUNTED_MEGABYTES = 2048;
/** Releases from which on a desktop's installer reads autoinstall as the server's does. */
const AUTOINSTALL_DESKTOP = 23.04;
const AUTOINSTALL_SERVER = 20.04;

/** Ubuntu's discs since 20.04 (desktops before that too), and what builds like them: a live system by casper. */
export const casper: Distribution = {
  family: 'casper',
  systems: 'Ubuntu Server from 20.04 on, Ubuntu desktops and their flavours, Linux Mint, Rescuezilla',
  looksFor: 'casper/vmlinuz with its initrd, as the live discs of Ubuntu have it',
  sources: [{ protocol: 'nfs' }, { protocol: 'http', disc: 'whole' }],
  answers: ['autoinstall'],
  memory:
    '2 GiB over NFS; over HTTP twice the disc image, which is copied into a file system of half the memory',
  recognise,
  installerArguments,
  attendedArguments,
};

async function recognise(tree: TreeReader): Promise<Recognition> {
  const kernels = [...KERNELS, ...(await filesLike(tree, 'casper', /^vmlinuz-/))];
  const initrds = [...INITRDS, ...(await filesLike(tree, 'casper', /^initrd[.-]/))];
  const kernel = await firstFile(tree, kernels);
  if (kernel === undefined) return notThis('there is no casper/vmlinuz');
  const initrd = await firstFile(tree, initrds);
  if (initrd === undefined) return nearlyThis(`${kernel} is there, but no initrd beside it`);
  const systems = await filesLike(tree, 'casper', /\.squashfs$/);
  if (systems.length === 0) {
    return nearlyThis(`${kernel} is there, but no root file system (casper/*.squashfs): copy the whole disc`);
  }
  const info = await readDiskInfo(tree);
  const title = info.title === '' ? 'Live system by casper' : info.title;
  return {
    recognised: true,
    tree: {
      family: 'casper',
      title,
      release: info.release,
      architecture: info.architecture === '' ? 'x86_64' : info.architecture,
      kernel,
      initrds: [initrd],
      answerKind: answerKindOf(title, info.release),
      memoryMegabytes: {
        nfs: MOUNTED_MEGABYTES,
        ...(tree.discBytes === undefined ? {} : { http: memoryStep(2 * megabytesOf(tree.discBytes)) }),
      },
      ...(tree.discBytes === undefined
        ? {
            note: 'it boots from this folder over NFS alone; over HTTP it takes the whole disc image (.iso), so add that instead',
          }
        : {}),
    },
  };
}

function answerKindOf(title: string, release: string): Recognised['answerKind'] {
  if (!/ubuntu/i.test(title)) return 'none';
  const from = /server/i.test(title) ? AUTOINSTALL_SERVER : AUTOINSTALL_DESKTOP;
  return Number.parseFloat(release) >= from ? 'autoinstall' : 'none';
}

/** cloud-init adds `user-data` and `meta-data` to the seed's URL without a slash of its own. */
function installerArguments({ image, urls, bootMac }: InstallerBoot): readonly string[] {
  const seed = besideAnswer(urls.answer, '');
  return [
    ...attendedArguments(image, urls.source),
    // Without this word the installer asks whether it may begin.
    'autoinstall',
    `ds=nocloud-net;s=${seed}`,
    // Else cloud-init takes casper's `url=` for a configuration, and reads the whole disc image.
    'cloud-config-url=/dev/null',
    ...bootifWords(bootMac),
  ];
}

/** casper(7): `url=` counts only where it ends with `.iso`; NFS is klibc's, version 3. */
function attendedArguments(_image: BootImage, source: InstallSource): readonly string[] {
  assertOverIpv4(source, 'a live system by casper');
  const place =
    source.protocol === 'nfs'
      ? ['netboot=nfs', `nfsroot=${nfsPlace(source)}`]
      : ['netboot=url', `url=${discOf(source, 'a live system by casper')}`];
  return ['boot=casper', ...place, 'ip=dhcp'];
}
