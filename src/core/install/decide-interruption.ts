import type { Install, Moment } from './install.ts';
import { durationText, progressText } from './progress-text.ts';

export type Interruption =
  | { readonly interrupted: true; readonly installId: string; readonly because: string }
  | { readonly interrupted: false };

/**
 * A boot loader asks what this machine boots: does that mean that its installer does not run any more?
 *
 * It does where the installer has its answer file already. What a boot asks for it asks for once, and in this order:
 * DHCP of the ROM, loader, DHCP of iPXE or GRUB where that is loaded, the script, kernel and initrd; only then the
 * installer runs, with a DHCP of its own, and reads its answer file. Nobody asks for a script after that but the
 * firmware of the next boot: the power was cut, or somebody reset the machine.
 *
 * DHCP itself would tell sooner, and is not believed. Installers, their kernels and their initrds ask as well, and are
 * told from ROMs by words that some leave out; and a packet with the MAC address of a machine can be made up from
 * afar, through a relay, where a script is only given to the address that has the lease of it.
 *
 * The same boot asks again for other names of its hunt, and others ask after a lost packet: by then the install is over
 * and its next try has not read its answer file, so they change nothing, and all of one boot are told the same. The
 * next try is given to the very boot that showed the interruption: a machine that was cut off has nothing on its disk
 * to boot, and would not come back by itself. It cannot go round in a circle, since each try needs to have read its
 * answer file before it can be interrupted, and their number is limited.
 *
 * @param newest the machine's newest install.
 */
export function decideInterruption(
  newest: Install | undefined,
  { steadyMs }: Pick<Moment, 'steadyMs'>,
): Interruption {
  if (newest?.state !== 'installing') return { interrupted: false };
  const { id, bootedSteadyMs } = newest;
  const since =
    bootedSteadyMs === undefined ? '' : `, ${durationText(steadyMs - bootedSteadyMs)} after its first boot`;
  return {
    interrupted: true,
    installId: id,
    because: `the machine booted anew while its installer was ${progressText(newest)}${since}: its power was cut, or it was reset`,
  };
}
