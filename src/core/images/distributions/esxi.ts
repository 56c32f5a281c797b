import type { TreeReader } from '../tree-reader.ts';
import { BOOTS_NOTHING, type Distribution, notThis, type Recognition } from './distribution.ts';
import { oneLine } from './one-line.ts';
import { fileInAnyCase } from './tree-search.ts';

/** It lists some 150 modules. */
const MAX_CONFIG_BYTES = 64 * 1024;
/** VMware's "ESXi Hardware Requirements": 8 GB for 7 and 8, 4 GB before. */
const MEGABYTES_SINCE_7 = 8192;
const MEGABYTES_BEFORE = 4096;

/** VMware's hypervisor: its own loader reads boot.cfg. Recognised, so that the user learns what is missing. */
export const esxi: Distribution = {
  ...BOOTS_NOTHING,
  family: 'esxi',
  systems: 'VMware ESXi 5 to 8',
  answers: ['esxi'],
  looksFor: 'boot.cfg that names modules, with its kernel beside it, in any case',
  memory: '8 GiB (4 GiB before 7)',
  recognise,
};

async function recognise(tree: TreeReader): Promise<Recognition> {
  const config = await fileInAnyCase(tree, 'boot.cfg');
  if (config === undefined) return notThis('there is no boot.cfg');
  const text = (await tree.text(config, MAX_CONFIG_BYTES)) ?? '';
  if (!/^modules=/im.test(text) || !/^kernel=/im.test(text)) {
    return notThis(`${config} names no kernel= and modules=`);
  }
  const build = valueOf(text, 'build');
  const release = /^\d+\.\d+(?:\.\d+)?/.exec(build)?.[0] ?? '';
  const prefix = valueOf(text, 'prefix');
  const needs = `mboot.efi (efi/boot/bootx64.efi of the disc) or mboot.c32 with pxelinux 3.86 as the first program, and a boot.cfg with prefix= ${prefix === '' ? 'set to the place of this tree' : `(it has "${prefix}")`} and no slash before its modules; Muster writes no such file yet`;
  return {
    recognised: true,
    tree: {
      family: 'esxi',
      title: `VMware ESXi ${release}`.trim(),
      release,
      architecture: (await fileInAnyCase(tree, 'efi/boot/bootaa64.efi')) === undefined ? 'x86_64' : 'aarch64',
      initrds: [],
      answerKind: 'esxi',
      memoryMegabytes: { http: Number.parseInt(release, 10) < 7 ? MEGABYTES_BEFORE : MEGABYTES_SINCE_7 },
      needs,
      note: `this image boots nothing yet. It needs ${needs}`,
    },
  };
}

function valueOf(text: string, name: string): string {
  return oneLine(new RegExp(`^${name}=(.*)$`, 'im').exec(text)?.[1] ?? '');
}
