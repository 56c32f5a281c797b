import type { Image } from '../image.ts';

/**
 * Fedora releases from which on the installer speaks as the given Enterprise Linux does; as pykickstart's own
 * version table has them (`handlers/control.py`), and where unprefixed boot arguments went away (Fedora 34).
 */
const FEDORA_LEVELS: readonly (readonly [fedora: number, level: number])[] = [
  [40, 10],
  [34, 9],
  [28, 8],
  [19, 7],
  [12, 6],
  [0, 5],
];

/** Their versions count as Red Hat's do. */
const KIN =
  /red hat|rhel|centos|rocky|alma|oracle|scientific|euro ?linux|springdale|cloudlinux|circle|miracle|vzlinux|navy/i;

/** Trees of a family not known here: they are newer than this table rather than older. */
const UNKNOWN_LEVEL = 9;

/**
 * Which Enterprise Linux an installer of the family speaks like: 5 to 10 or later.
 * It decides the names of boot arguments and the dialect of kickstart.
 */
export function enterpriseLevel(image: Pick<Image, 'title' | 'release'>): number {
  const major = Number.parseInt(image.release, 10);
  if (/fedora/i.test(image.title)) {
    // "Rawhide" and "eln" have no number and are the newest.
    const row = FEDORA_LEVELS.find(([fedora]) => Number.isNaN(major) || major >= fedora);
    return row?.[1] ?? UNKNOWN_LEVEL;
  }
  if (KIN.test(image.title) && major >= 5 && major < 20) return major;
  return UNKNOWN_LEVEL;
}
