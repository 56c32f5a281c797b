import type { FileTree, TreeNode } from '../../lib/file-tree.ts';
import { calendarTime, writableMs } from './calendar-time.ts';
import { type FactName, factLine } from './facts.ts';
import { matchesPattern } from './name-pattern.ts';

/** What LIST, NLST and MLSD send (RFC 959 §4.1.3, RFC 1123 §4.1.2.7, RFC 3659 §7). */

/** What is listed. */
export type ListingSubject =
  | { readonly of: 'folder'; readonly folder: TreeNode; readonly pattern?: string }
  /** A file by itself, or a link that leads to one. */
  | { readonly of: 'file'; readonly node: TreeNode };

export interface Listing {
  readonly form: 'LIST' | 'NLST' | 'MLSD';
  readonly subject: ListingSubject;
  /** The path as the client wrote it; NLST repeats it, so that what it sends can be asked for. */
  readonly asked: string;
  readonly facts: readonly FactName[];
}

/** Entries read from the tree, and sent, at once: a folder of a mirror's pool has tens of thousands. */
export const PAGE_ENTRIES = 256;
/** Entries of one listing; a tree that gives more gives them without end. */
export const MAX_LISTED = 1_000_000;

/** Times that are so old are shown with their year instead, as `ls` does: half a mean year. */
const RECENT_MS = (365.2425 / 2) * 24 * 3600 * 1000;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/**
 * The listing, page by page, each as text with its line ends. Names with control characters are left out: no line can
 * tell them.
 *
 * @throws whatever the tree throws, and RangeError when its folder has no end.
 */
export async function* listingPages(tree: FileTree, listing: Listing, nowMs: number): AsyncGenerator<string> {
  const { subject, asked } = listing;
  if (subject.of === 'file') {
    yield await lineOf(tree, listing, subject.node, asked, nowMs);
    return;
  }
  const { folder, pattern } = subject;
  const before = listing.form === 'NLST' ? folderPrefix(asked, pattern) : '';
  let after = 0;
  for (let listed = 0; listed < MAX_LISTED; ) {
    const entries = await tree.entries(folder, after, PAGE_ENTRIES);
    const last = entries.at(-1);
    if (last === undefined) return;
    if (last.cookie <= after)
      throw new RangeError(`The cookies of a folder go from ${after} to ${last.cookie}`);
    after = last.cookie;
    listed += entries.length;
    let page = '';
    for (const { name, node } of entries) {
      if (/\p{Cc}/u.test(name) || (pattern !== undefined && !matchesPattern(name, pattern))) continue;
      page += await lineOf(tree, listing, node, `${before}${name}`, nowMs);
    }
    if (page !== '') yield page;
  }
  throw new RangeError(`A folder has more than ${MAX_LISTED} entries`);
}

async function lineOf(
  tree: FileTree,
  { form, facts }: Listing,
  node: TreeNode,
  name: string,
  nowMs: number,
): Promise<string> {
  if (form === 'NLST') return `${name}\r\n`;
  const target = node.kind === 'link' ? await tree.target(node) : undefined;
  return form === 'MLSD'
    ? `${factLine(node, name, facts, target)}\r\n`
    : `${longLine(node, name, target, nowMs)}\r\n`;
}

/** A line as `ls -l` writes it, without its end. The owner is nobody in particular, so it is always the same. */
export function longLine(node: TreeNode, name: string, target: string | undefined, nowMs: number): string {
  const kind = { file: '-', folder: 'd', link: 'l' }[node.kind];
  const links = node.kind === 'folder' ? 2 : 1;
  const size = String(node.size).padStart(12);
  const shown = target === undefined ? name : `${name} -> ${target.replaceAll(/\p{Cc}/gu, '\uFFFD')}`;
  return `${kind}${letters(node)} ${links} ftp      ftp      ${size} ${listTime(node.mtimeMs, nowMs)} ${shown}`;
}

/** `Jan  5 12:34` for the last half year, else `Jan  5  2024`; UTC, as MDTM and MLSD have it. */
export function listTime(mtimeMs: number, nowMs: number): string {
  const { year, month, day, hour, minute } = calendarTime(mtimeMs);
  const date = `${MONTHS[month - 1]} ${String(day).padStart(2)}`;
  const changedMs = writableMs(mtimeMs);
  if (changedMs > nowMs || changedMs <= nowMs - RECENT_MS) return `${date}  ${year}`;
  return `${date} ${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}

/** A link has all of them, as on Linux. */
function letters({ kind, mode }: TreeNode): string {
  const bits = kind === 'link' ? 0o777 : mode;
  return Array.from('rwxrwxrwx', (letter, at) => ((bits >> (8 - at)) & 1 ? letter : '-')).join('');
}

/** What NLST puts before each name (RFC 1123 §4.1.2.7: it can be given to RETR as it stands). */
function folderPrefix(asked: string, pattern: string | undefined): string {
  const folder = pattern === undefined ? asked : asked.slice(0, asked.length - pattern.length);
  return folder === '' || folder.endsWith('/') ? folder : `${folder}/`;
}
