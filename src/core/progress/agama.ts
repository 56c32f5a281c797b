import type { ProgressRow } from './progress-reader.ts';

/** Words of Agama, whose progress is in the journal of its live system: `DESCRIPTION (n/m)`. */
export const AGAMA_WORDS: readonly ProgressRow[] = [
  {
    says: /\b(?:Analyze disks|Configure software|Probing storage devices|Refreshing repositories metadata)\b/,
    step: 'installer',
  },
  { says: /\b(?:Prepare disks|Preparing the storage devices)\b/, step: 'disk' },
  { says: /\bInstalling (?<doing>(?!bootloader)\S+) \((?<done>\d+)\/(?<total>\d+)\)/, step: 'packages' },
  { says: /\bInstall software\b/, step: 'packages' },
  { says: /\bInstalling bootloader\b/, step: 'boot loader' },
  {
    says: /\b(?:Configure the system|Adjusting storage configuration|Copying important installation files)\b/,
    step: 'configuration',
  },
  { says: /\b(?:Copying logs|Unmounting storage devices|Install phase done)\b/, step: 'finishing' },
];
