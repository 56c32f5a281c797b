import { folderOf } from './file-role.ts';
import type { Found, ListReader } from './list-reader.ts';
import type { MirrorKind } from './mirror.ts';
import { readPackages, readSums, readTreeInfo } from './packages-list.ts';
import { readRelease } from './release-list.ts';
import { readPrimary, readRepomd } from './rpm-lists.ts';

/** How the bytes of a list are packed. Of the others nothing can be read: Node 20 has neither xz nor zstd. */
export type Packing = 'plain' | 'gzip' | 'zstd';

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
    pattern: /(?:^|\/)Packages(?:\.gz|\.zst)?$/,
    read: readPackages,
    baseOf: above('dists'),
  },
  { of: 'debian', pattern: /(?:^|\/)SHA(?:256|512|1)SUMS$/, read: readSums, baseOf: folderOf },
  { of: 'rpm', pattern: /(?:^|\/)repodata\/repomd\.xml$/, read: readRepomd, baseOf: above('repodata') },
  {
    of: 'rpm',
    pattern: /(?:^|\/)repodata\/(?:[0-9a-f]{40,128}-)?primary\.xml(?:\.gz|\.zst)?$/,
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
  const packing = path.endsWith('.gz') ? 'gzip' : path.endsWith('.zst') ? 'zstd' : 'plain';
  return { packing, read: (found) => row.read(row.baseOf(path), found) };
}

/** An index of packages in any packing. */
const INDEX = /^(.*?(?:^|\/)(?:Packages|repodata\/primary\.xml))(?:\.[a-z0-9]+)?$/;

/**
 * The same index as others may be packed, those that are read most cheaply first: what is fetched beside the one that
 * a machine took, where that cannot be read here. Empty for other files.
 */
export function readableSiblings(path: string): readonly string[] {
  const [, stem] = INDEX.exec(path) ?? [];
  return stem === undefined ? [] : [`${stem}.gz`, stem];
}

/** A list of packages in any packing, whatever it is called besides. */
export function isPackageList(path: string): boolean {
  return /(?:^|\/)(?:Packages|(?:[0-9a-f]{40,128}-)?primary\.xml)(?:\.[a-z0-9]+)?$/.test(path);
}
