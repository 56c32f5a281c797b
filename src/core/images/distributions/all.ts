import { agama } from './agama.ts';
import { alpine } from './alpine.ts';
import { archiso } from './archiso.ts';
import { bsd } from './bsd.ts';
import { casper } from './casper.ts';
import { coreos } from './coreos.ts';
import { debian } from './debian.ts';
import type { Distribution } from './distribution.ts';
import { dracutLive } from './dracut-live.ts';
import { esxi } from './esxi.ts';
import { files } from './files.ts';
import { flatcar } from './flatcar.ts';
import { live } from './live.ts';
import { memtest } from './memtest.ts';
import { nixos } from './nixos.ts';
import { proxmox } from './proxmox.ts';
import { rhel } from './rhel.ts';
import { suse } from './suse.ts';
import { windows } from './windows.ts';

/**
 * In the order in which they are tried: the surest sign first. SUSE's discs have a `.treeinfo` as well, so they come
 * before Red Hat's; discs of Debian's kin have its installer beside what makes them another kind.
 */
export const DISTRIBUTIONS: readonly Distribution[] = [
  suse,
  agama,
  rhel,
  coreos,
  casper,
  proxmox,
  live,
  debian,
  archiso,
  alpine,
  flatcar,
  nixos,
  dracutLive,
  windows,
  esxi,
  bsd,
  memtest,
];

/** The row of an image; trees of no family are only files. */
export function distributionOf(family: string): Distribution {
  return DISTRIBUTIONS.find((distribution) => distribution.family === family) ?? files;
}
