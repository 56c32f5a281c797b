import type { ProgressRow } from './progress-reader.ts';

/**
 * Words of anaconda in the logs of EL 5 to 10 and Fedora.
 *
 * EL 5 and 6 send `INFO     moving (1) to step NAME` themselves (Python's SysLogHandler: no time, no program), EL 6
 * through rsyslogd as well. From EL 7 on rsyslogd sends what is logged as `anaconda`, with the logger before the text:
 * `packaging: …`, `program: Running... …`. EL 8 and later tell every queue and task that begins.
 */
export const ANACONDA_WORDS: readonly ProgressRow[] = [
  // EL 5 and 6: steps of dispatch.py.
  { says: /\bmoving \(1\) to step (?:reposetup|basepkgsel|storageinit|findrootparts)\b/, step: 'installer' },
  { says: /\bmoving \(1\) to step (?:enablefilesystems|autopartitionexecute)\b/, step: 'disk' },
  { says: /\bmoving \(1\) to step preinstallconfig\b/, step: 'base system' },
  { says: /\bmoving \(1\) to step installpackages\b|: ?Preparing to install packages\b/, step: 'packages' },
  { says: /\bmoving \(1\) to step instbootloader\b/, step: 'boot loader' },
  { says: /\bmoving \(1\) to step (?:postscripts|dopostaction)\b/, step: 'configuration' },
  { says: /\bmoving \(1\) to step (?:copylogs|methodcomplete|complete)\b/, step: 'finishing' },

  // EL 7: yum tells each package with its number.
  { says: /\bpackaging: ?\s*Installing (?<doing>\S+) \((?<done>\d+)\/(?<total>\d+)\)/, step: 'packages' },
  // EL 10, Fedora with dnf5: how many there are, then each as it begins.
  { says: /\bStarting the installation\. Total packages: (?<total>\d+)/, step: 'packages' },
  { says: /\bInstalling - (?<doing>\S+)$/, step: 'packages', counts: 'one' },
  // EL 8 and 9 tell each package and not how many there are.
  { says: /\bpackaging: Installed: (?<doing>\S+) \d/, step: 'packages' },
  { says: /\bDownloading (?:[\d,]+ )?(?:RPMs|packages)\b/i, step: 'packages' },

  // EL 8 and later: queues and tasks, with names that are not translated.
  { says: /\bQueue started: (?:Installation environment setup|Early storage configuration)\b/, step: 'disk' },
  {
    says: /\bTask started: (?<doing>Create storage layout|Activate filesystems|Mount filesystems)\b/,
    step: 'disk',
  },
  { says: /\bQueue started: (?:Pre-install scripts|Pre install tasks)\b/, step: 'base system' },
  { says: /\bQueue started: Payload installation\b/, step: 'packages' },
  { says: /\bQueue started: Bootloader installation\b/, step: 'boot loader' },
  {
    says: /\bQueue started: (?<doing>Post-installation setup tasks|Installed system configuration|Network configuration|User creation|Anaconda addon configuration|Initramfs generation|Post installation scripts)\b/,
    step: 'configuration',
  },
  { says: /\bQueue started: Write configs and kickstarts\b/, step: 'configuration', part: 0.8 },
  {
    says: /\bTask started: Copy logs\b|\bCopying logs from the installation environment\b/,
    step: 'finishing',
  },

  // EL 7 tells its steps on the screen only; the programs it runs are in its log.
  { says: /\bRunning kickstart %%?pre-install script/, step: 'base system' },
  { says: /\bRunning anaconda-yum to install packages\b/, step: 'packages' },
  {
    says: /\bprogram: Running\.\.\. (?:\S+ )*(?<doing>grub2?-install|efibootmgr|extlinux|zipl)\b/,
    step: 'boot loader',
  },
  {
    says: /\bprogram: Running\.\.\. (?:\S+ )*(?<doing>parted|mkfs\.\w+|mkswap|pvcreate|lvcreate|mdadm --create)\b/,
    step: 'disk',
  },
  { says: /\bRunning kickstart %%?post script/, step: 'configuration' },
  { says: /\bAll kickstart %%?post script\(s\) have been run\b/, step: 'finishing' },
  {
    says: /\b(?:Running kickstart %%?pre script|Parsing kickstart|using kickstart file)\b/i,
    step: 'answer file',
  },
];
