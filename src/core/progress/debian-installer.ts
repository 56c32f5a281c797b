import type { ProgressRow } from './progress-reader.ts';

const MENU = /^main-menu$/;
/** Programs that pass on what apt and dpkg say of the system on the disk. */
const IN_TARGET = /^(?:in-target|pkgsel|tasksel|apt-install)$/;

/**
 * Words of the debian-installer (Debian, and Ubuntu up to 20.04): its main menu tells each component that begins, and
 * the output of debootstrap, apt and dpkg is in its log as well. Their lines are not translated.
 */
export const DEBIAN_INSTALLER_WORDS: readonly ProgressRow[] = [
  {
    by: MENU,
    says: /Menu item '(?<doing>download-installer|load-cdrom|choose-mirror)' selected/,
    step: 'installer',
  },
  { by: /^anna$/, says: /DEBUG: retrieving (?<doing>\S+)/, step: 'installer', part: 0.3 },
  { by: MENU, says: /Menu item '(?:disk-detect|partman-base|partman-auto)' selected/, step: 'disk' },
  { by: MENU, says: /Menu item '(?:bootstrap-base|base-installer)' selected/, step: 'base system' },
  { by: /^debootstrap$/, says: /Retrieving (?<doing>\S+)/, step: 'base system', part: 0.1 },
  { by: /^debootstrap$/, says: /(?:Unpacking|Selecting)/, step: 'base system', part: 0.4 },
  { by: /^debootstrap$/, says: /Setting up (?<doing>\S+)/, step: 'base system', part: 0.6 },
  { by: /^base-installer$/, says: /(?:Get|Hit|Ign):\d/, step: 'base system', part: 0.8 },
  {
    by: /^base-installer$|^in-target$/,
    says: /Setting up (?<doing>linux-image-\S+)/,
    step: 'base system',
    part: 0.9,
  },
  { by: MENU, says: /Menu item '(?:apt-setup-udeb|pkgsel)' selected/, step: 'packages' },
  { by: IN_TARGET, says: /\b\d+ upgraded, (?<total>\d+) newly installed/, step: 'packages' },
  { by: IN_TARGET, says: /^Setting up (?<doing>\S+)/, step: 'packages', counts: 'one' },
  {
    by: MENU,
    says: /Menu item '(?:grub-installer|lilo-installer|nobootloader|arcboot-installer|flash-kernel-installer|zipl-installer|systemd-boot-installer)' selected/,
    step: 'boot loader',
  },
  { by: /^grub-installer$/, says: /Installing (?:for|grub)\b/i, step: 'boot loader', part: 0.5 },
  {
    by: /^grub-installer$/,
    says: /Installation finished\. No error reported/,
    step: 'boot loader',
    part: 0.9,
  },
  { by: MENU, says: /Menu item 'finish-install' selected/, step: 'configuration' },
  { by: /^finish-install$/, says: /Running \S*07preseed\b/, step: 'configuration', part: 0.3 },
  { by: /^finish-install$/, says: /Running \S*(?<doing>9\d\S+)/, step: 'finishing' },
];
