import type { MirrorKind } from './mirror.ts';
import { makeProof, type Proof } from './proof.ts';

/**
 * What a file of a repository is, by its path:
 * - `head` lists the indexes and is what a signature is made over; it is asked for anew after a while;
 * - `index` is listed by a head, and goes with it;
 * - `named` has its digest for a name, so it never changes;
 * - `package` is listed by an index, and never changes under its name but by mistake;
 * - `other` is none of these, and is asked for anew after a while.
 */
export type FileRole = 'head' | 'index' | 'named' | 'package' | 'other';

interface RoleRow {
  readonly of: Exclude<MirrorKind, 'any'> | 'both';
  readonly role: FileRole;
  readonly pattern: RegExp;
}

/** The first that fits counts. */
const ROLES: readonly RoleRow[] = [
  // https://wiki.debian.org/DebianRepository/Format: by-hash beside each index.
  { of: 'debian', role: 'named', pattern: /(?:^|\/)by-hash\/(?:SHA256|SHA512|SHA1)\/[0-9a-f]{40,128}$/ },
  // Small files of that name lie beside the indexes of one architecture, and are listed as those are.
  { of: 'debian', role: 'index', pattern: /\/(?:binary-[^/]+|source)\/Release$/ },
  { of: 'debian', role: 'head', pattern: /(?:^|\/)(?:InRelease|Release|Release\.gpg)$/ },
  { of: 'rpm', role: 'head', pattern: /(?:^|\/)repodata\/repomd\.xml(?:\.asc|\.key)?$/ },
  // createrepo's --unique-md-filenames, which is its default.
  { of: 'rpm', role: 'named', pattern: /(?:^|\/)repodata\/[0-9a-f]{40,128}-[^/]+$/ },
  { of: 'rpm', role: 'index', pattern: /(?:^|\/)repodata\// },
  { of: 'both', role: 'package', pattern: /\.(?:u|d)?deb$|\.d?rpm$|\.dsc$|\.(?:tar|diff)\.[a-z0-9]+$/ },
  { of: 'debian', role: 'index', pattern: /(?:^|\/)dists\// },
  { of: 'debian', role: 'index', pattern: /(?:^|\/)(?:Packages|Sources)(?:\.[a-z0-9]+)?$/ },
];

export function roleOf(path: string, kind: MirrorKind): FileRole {
  const row = ROLES.find(
    ({ of, pattern }) => (of === kind || of === 'both' || kind === 'any') && pattern.test(path),
  );
  return row?.role ?? 'other';
}

const ALGORITHM_OF_LENGTH: Readonly<Record<number, string>> = { 40: 'sha1', 64: 'sha256', 128: 'sha512' };

/** What a `named` file must be. */
export function proofInName(path: string): Proof | undefined {
  const [, hex = ''] = /([0-9a-f]{40,128})(?:-[^/]+)?$/.exec(path) ?? [];
  return makeProof(ALGORITHM_OF_LENGTH[hex.length] ?? '', hex);
}

/** The folder that a path is in, with a slash at its end; empty for the root. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}
