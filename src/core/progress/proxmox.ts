import type { ProgressRow } from './progress-reader.ts';

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
