import type { TreeReader } from '../tree-reader.ts';
import { liveConfig } from './coreos.ts';
import {
  bootifWords,
  type Distribution,
  type InstallerBoot,
  nearlyThis,
  notThis,
  type Recognition,
} from './distribution.ts';
import { fileMegabytes, memoryStep } from './tree-search.ts';

const KERNEL = 'flatcar_production_pxe.vmlinuz';
const INITRD = 'flatcar_production_pxe_image.cpio.gz';
/** Of each release beside its images: `FLATCAR_VERSION=4230.2.3`, `FLATCAR_BOARD=amd64-usr`. */
const VERSION = 'version.txt';
const MAX_VERSION_BYTES = 4096;
/** The initrd is kept unpacked, beside the system at work. */
const WORKING_MEGABYTES = 1024;

/** Flatcar Container Linux: its whole system is in its initrd. */
export const flatcar: Distribution = {
  family: 'flatcar',
  systems: 'Flatcar Container Linux',
  looksFor: `${KERNEL} with ${INITRD}`,
  sources: [],
  answers: ['ignition'],
  memory: 'twice its initrd and 1 GiB',
  recognise,
  // Without `flatcar.first_boot` Ignition does not run.
  installerArguments: ({ urls, disk, bootMac }: InstallerBoot) => [
    'flatcar.first_boot=1',
    `ignition.config.url=${liveConfig(urls.answer, disk)}`,
    ...bootifWords(bootMac),
  ],
  // A person has no password to log in with.
  attendedArguments: () => ['flatcar.autologin'],
};

async function recognise(tree: TreeReader): Promise<Recognition> {
  if (!(await tree.isFile(KERNEL))) return notThis(`there is no ${KERNEL}`);
  if (!(await tree.isFile(INITRD))) return nearlyThis(`${KERNEL} is there, but ${INITRD} is not`);
  const text = (await tree.text(VERSION, MAX_VERSION_BYTES)) ?? '';
  const release = /^FLATCAR_VERSION=([\d.]+)/m.exec(text)?.[1] ?? '';
  const memory = memoryStep(2 * (await fileMegabytes(tree, INITRD)) + WORKING_MEGABYTES);
  return {
    recognised: true,
    tree: {
      family: 'flatcar',
      title: `Flatcar Container Linux ${release}`.trim(),
      release,
      architecture: /^FLATCAR_BOARD=arm64/m.test(text) ? 'aarch64' : 'x86_64',
      kernel: KERNEL,
      initrds: [INITRD],
      answerKind: 'ignition',
      memoryMegabytes: { http: memory },
    },
  };
}
