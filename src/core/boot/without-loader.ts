const NO_IPXE = 'GRUB finds no configuration over HTTP Boot, and no package has an iPXE for it';
const IS_LOADER = 'it is a loader itself';

/** Why there is no way for firmware of an architecture, where there is none: as of Debian 12 and 13 and Fedora. */
export const WITHOUT_LOADER: ReadonlyMap<number, string> = new Map([
  [1, 'no distribution has a loader for it'],
  [2, 'no distribution has a loader for it any more'],
  [15, NO_IPXE],
  [18, NO_IPXE],
  [20, 'no such firmware is known'],
  [21, `${IS_LOADER}, and looks for its pxelinux.cfg`],
  [22, `${IS_LOADER}, and looks for its pxelinux.cfg`],
  [23, IS_LOADER],
  [24, IS_LOADER],
  [41, 'it fetches files by names of its own ([raspberry-pi.md](raspberry-pi.md))'],
]);
