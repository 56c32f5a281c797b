import { MAX_TREEINFO_BYTES, parseTreeinfo } from './distributions/treeinfo.ts';
import { type ListedSum, MAX_CHECKSUM_LIST_BYTES, parseChecksumList } from './checksum-list.ts';
import type { Image } from './image.ts';
import type { TreeReader } from './tree-reader.ts';

/** Sums that a tree holds of its own files. */
export interface TreeSums {
  /** The file that they stand in. */
  readonly from: string;
  readonly sums: readonly (ListedSum & { readonly name: string })[];
}

/** Files of one tree that are compared at most. */
const MAX_SUMS = 64;
/** Debian's lists, those of Ubuntu's live discs included. */
const LISTS = ['sha256sum.txt', 'md5sum.txt'] as const;

/**
 * What a tree says of the files that a boot fetches. Packages are left out: there are many, and the installer checks
 * each. So is the index of packages, which users make anew when they add their own.
 */
export async function sumsInTree(
  tree: TreeReader,
  { kernel, initrds }: Pick<Image, 'kernel' | 'initrds'>,
): Promise<TreeSums | undefined> {
  for (const from of ['.treeinfo', 'treeinfo']) {
    const text = await tree.text(from, MAX_TREEINFO_BYTES);
    const sums = text === undefined ? [] : sumsOfTreeinfo(text);
    if (sums.length > 0) return await thereOf(tree, from, sums);
  }
  const wanted = [...(kernel === undefined ? [] : [kernel]), ...initrds];
  for (const from of LISTS) {
    const text = await tree.text(from, MAX_CHECKSUM_LIST_BYTES);
    const sums = parseChecksumList(text ?? '').flatMap((sum) =>
      sum.name !== undefined && wanted.includes(sum.name) ? [{ ...sum, name: sum.name }] : [],
    );
    if (sums.length > 0) return await thereOf(tree, from, sums);
  }
  return undefined;
}

/** `[checksums]` of a `.treeinfo`: `images/boot.iso = sha256:…`. Its keys were made small, paths with capitals are passed over. */
function sumsOfTreeinfo(text: string): TreeSums['sums'] {
  const rows = parseTreeinfo(text).get('checksums') ?? new Map<string, string>();
  return Array.from(rows).flatMap(([name, value]) => {
    const [algorithm, digits = ''] = value.split(':');
    const isWanted = algorithm === 'sha256' && /^[\da-fA-F]{64}$/.test(digits) && name.startsWith('images/');
    return isWanted ? [{ algorithm, digits: digits.toLowerCase(), name } as const] : [];
  });
}

/** A copy of a tree may leave out what it does not need, such as images/boot.iso. */
async function thereOf(
  tree: TreeReader,
  from: string,
  sums: TreeSums['sums'],
): Promise<TreeSums | undefined> {
  const there: TreeSums['sums'][number][] = [];
  for (const sum of sums.slice(0, MAX_SUMS)) if (await tree.isFile(sum.name)) there.push(sum);
  return there.length === 0 ? undefined : { from, sums: there };
}
