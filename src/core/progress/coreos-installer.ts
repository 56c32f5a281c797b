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
