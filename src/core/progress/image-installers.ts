import type { ProgressRow } from './progress-reader.ts';

/** coreos-installer, which writes an image: its journal tells how much of it is read. */
export const COREOS_WORDS: readonly ProgressRow[] = [
  { says: /\bDownloading (?<doing>.+?)(?: image)?(?: \(|$)/, step: 'installer' },
  { says: /\bRead disk \S+ \S+?\/\S+ \S+ \((?<percent>\d+)%\)/, step: 'base system' },
  {
    says: /\bWriting (?:Ignition config|first-boot kernel arguments)\b|\bModifying kernel arguments\b/,
    step: 'configuration',
  },
  { says: /\bInstall complete\b/, step: 'finishing' },
];

/** What setup-alpine and setup-disk write while they run. */
export const ALPINE_WORDS: readonly ProgressRow[] = [
  { says: /\bCreating file systems\b|\bInitializing partitions\b/i, step: 'disk' },
  { says: /\bInstalling system on (?<doing>\S+?):?$/, step: 'base system' },
  { says: /^\((?<done>\d+)\/(?<total>\d+)\) Installing (?<doing>\S+)/, step: 'packages' },
  {
    says: /\bInstalling for \S+ platform\b|\bInstallation finished\. No error reported\b|\bextlinux is installed\b/i,
    step: 'boot loader',
  },
  { says: /^Installation is complete\b/, step: 'finishing' },
];

/** Proxmox's automatic installer: `progress  52.1 % - TEXT`. */
export const PROXMOX_WORDS: readonly ProgressRow[] = [
  {
    says: /\bprogress +[\d.]+ % - (?<doing>(?:cleanup root-disks|create (?:partitions|btrfs|rpool|LVs|swap space)|creating root filesystems|creating \S+ filesystem).*)/,
    step: 'disk',
  },
  {
    says: /\bprogress +[\d.]+ % - (?<doing>(?:mounting target|extracting base system|configuring base system).*)/,
    step: 'base system',
  },
  { says: /\bprogress +[\d.]+ % - (?:extracting|configuring) (?<doing>.+)/, step: 'packages' },
  { says: /\bprogress +[\d.]+ % - make system bootable/, step: 'boot loader' },
  { says: /\bprogress +[\d.]+ % - installation finished|\bInstallation done\b/, step: 'finishing' },
];
