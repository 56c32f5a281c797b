import { byHashPath } from './release-list.ts';

/** createrepo's name of an index: its digest, and what it is. */
const WITH_DIGEST = /^(.*?(?:^|\/)repodata\/)[0-9a-f]{40,128}-([^/]+)$/;
const BY_SHA256 = /(?:^|\/)by-hash\/SHA256\/[0-9a-f]{64}$/;

/**
 * The file of a new set of indexes that is what this one was in the set before, where both have their digest for a
 * name. Undefined where there is none, or it is this one.
 *
 * @param path as it is kept.
 * @param listName the path by which the head of before lists it.
 * @param listed what the new head lists: the digest of each path.
 */
export function successorOf(
  path: string,
  listName: string,
  listed: ReadonlyMap<string, string>,
): string | undefined {
  if (BY_SHA256.test(path)) {
    const hex = listed.get(listName);
    const successor = hex?.length === 64 ? byHashPath(listName, 'sha256', hex) : undefined;
    return successor === path ? undefined : successor;
  }
  const what = withoutDigest(path);
  if (what === undefined || listed.has(path)) return undefined;
  return [...listed.keys()].find((other) => withoutDigest(other) === what);
}

function withoutDigest(path: string): string | undefined {
  const [, folder = '', what] = WITH_DIGEST.exec(path) ?? [];
  return what === undefined ? undefined : `${folder}${what}`;
}
