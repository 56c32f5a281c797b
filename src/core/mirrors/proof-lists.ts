import { folderOf } from './file-role.ts';
import type { Found, ListReader } from './list-reader.ts';
import type { MirrorKind } from './mirror.ts';
import { readPackages, readSums, readTreeInfo } from './packages-list.ts';
import { readRelease } from './release-list.ts';
import { readPrimary, readRepomd } from './rpm-lists.ts';

/** How the bytes of a list are packed. Of the others (bzip2, lzma, zchunk) nothing can be read. */
export type Packing = 'plain' | 'gzip' | 'zstd' | 'xz';

/** By how a name ends; of lists in several packings, those are read first that cost least. */
const PACKINGS: readonly (readonly [ending: string, packing: Packing])[] = [
  ['.gz', 'gzip'],
  ['.zst', 'zstd'],
  ['.xz', 'xz'],
  ['', 'plain'],
];

interface ListRow {
  readonly of: Exclude<MirrorKind, 'any'>;
  readonly pattern: RegExp;
  readonly read: (base: string, found: Found) => ListReader;
  /** What the paths in it are relative to. */
  readonly baseOf: (path: string) => string;
}

/** What is above a folder of that name; the root where there is none. */
const above =
  (folder: string) =>
  (path: string): string => {
    const at = `/${path}`.indexOf(`/${folder}/`);
    return at === -1 ? '' : path.slice(0, at);
  };

/** Every file that says what others must be. */
const LISTS: readonly ListRow[] = [
  {
    of: 'debian',
    pattern: /(?:^|\/)(?:In)?Release$/,
    read: readRelease,
    baseOf: folderOf,
  },
  {
    of: 'debian',
    pattern: /(?:^|\/)Packages(?:\.gz|\.zst|\.xz)?$/,
    read: readPackages,
    baseOf: above('dists'),
  },
  { of: 'debian', pattern: /(?:^|\/)SHA(?:256|512|1)SUMS$/, read: readSums, baseOf: folderOf },
  { of: 'rpm', pattern: /(?:^|\/)repodata\/repomd\.xml$/, read: readRepomd, baseOf: above('repodata') },
  {
    of: 'rpm',
    pattern: /(?:^|\/)repodata\/(?:[0-9a-f]{40,128}-)?primary\.xml(?:\.gz|\.zst|\.xz)?$/,
    read: readPrimary,
    baseOf: above('repodata'),
  },
  { of: 'rpm', pattern: /(?:^|\/)\.?treeinfo$/, read: readTreeInfo, baseOf: folderOf },
  // The discs of SLE 15 and openSUSE.
  { of: 'rpm', pattern: /(?:^|\/)CHECKSUMS$/, read: readSums, baseOf: folderOf },
];

export interface ProofList {
  readonly packing: Packing;
  readonly read: (found: Found) => ListReader;
}

/** How that file is read as a list; undefined where it is none. */
export function proofListOf(path: string, kind: MirrorKind): ProofList | undefined {
  const row = LISTS.find(({ of, pattern }) => (of === kind || kind === 'any') && pattern.test(path));
  if (row === undefined) return undefined;
  return { packing: packingOf(path), read: (found) => row.read(row.baseOf(path), found) };
}

function packingOf(path: string): Packing {
  return PACKINGS.find(([ending]) => path.endsWith(ending))?.[1] ?? 'plain';
}

/** An index of packages, in any packing, and by createrepo's name with a digest too. */
const PACKAGE_LIST =
  /^(.*?(?:^|\/))(?:(Packages)|repodata\/(?:[0-9a-f]{40,128}-)?(primary\.xml))(?:\.[a-z0-9]+)?$/;

/** What lists of packages have in common that are one list in several packings; undefined for other files. */
export function packageListOf(path: string): string | undefined {
  const [, folder = '', packages, primary] = PACKAGE_LIST.exec(path) ?? [];
  const name = packages ?? primary;
  return name === undefined ? undefined : `${folder}${name}`;
}

/**
 * The same list as others are packed, those that are read most cheaply first: what is fetched beside the one that a
 * machine took, where that cannot be read here. Empty for other files.
 *
 * @param listed the paths that an index of indexes vouches for.
 */
export function readableSiblings(
  path: string,
  kind: MirrorKind,
  listed: Iterable<string>,
): readonly string[] {
  const list = packageListOf(path);
  if (list === undefined) return [];
  const rank = (one: string): number => PACKINGS.findIndex(([ending]) => one.endsWith(ending));
  return [...new Set(listed)]
    .filter((one) => one !== path && packageListOf(one) === list && proofListOf(one, kind) !== undefined)
    .sort((one, other) => rank(one) - rank(other));
}
