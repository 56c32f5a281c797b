import type { ProgressRow } from './progress-reader.ts';

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
