import { encodeText } from '../../lib/byte-writer.ts';
import type { TreeNode } from '../../lib/file-tree.ts';
import { POST_OP_BYTES } from './attributes.ts';
import type { Place } from './exports.ts';
import { HANDLE_BYTES } from './file-handle.ts';
import { bad, good, NfsStatus, type Outcome } from './nfs-status.ts';
import { opaqueSize } from './xdr.ts';

/** The pages of a folder, as READDIR and READDIRPLUS give them (RFC 1813 §3.3.16, §3.3.17). */

export interface FolderEntry {
  readonly name: Uint8Array;
  readonly node: TreeNode;
  readonly cookie: number;
}

export interface FolderPage {
  readonly place: Place;
  readonly entries: readonly FolderEntry[];
  readonly isEnd: boolean;
}

export interface PageRequest {
  /** Of the last entry that the client has; 0 for none. */
  readonly cookie: number;
  /** `plus`: each with its attributes and its handle. */
  readonly form: 'plain' | 'plus';
  /** The most bytes of the result behind its status, with all that XDR adds. */
  readonly mostBytes: number;
  /**
   * READDIRPLUS: the most bytes of names, numbers and cookies. The first entry is given whatever it says, so that a client
   * which says 0 gets on; FreeBSD's server takes 0 for nothing said, too.
   */
  readonly mostNameBytes?: number;
}

/** RFC 1813 §3.3.20: what PATHCONF tells. A longer name would end the listing of a whole folder on Linux. */
export const MAX_NAME_BYTES = 255;
/** `.` and `..` come first, and cookies of the tree follow theirs. */
const OWN_COOKIE = 1;
const PARENT_COOKIE = 2;
/** Attributes of the folder, the verifier, the end of the list, and whether it is the end of the folder. */
const PAGE_BYTES = POST_OP_BYTES + 8 + 4 + 4;
/** That it is there, its number, and its cookie. */
const ENTRY_BYTES = 4 + 8 + 8;
/** Attributes, and a handle with its length and that it is there. */
const PLUS_BYTES = POST_OP_BYTES + 4 + opaqueSize(HANDLE_BYTES);
/** Entries that are asked of the tree at one time. */
const BATCH = 256;

/** As many entries as there is room for; TOOSMALL where there is none for the first. */
export async function readFolder(place: Place, request: PageRequest): Promise<Outcome<FolderPage>> {
  const { form, mostNameBytes = Infinity } = request;
  let left = request.mostBytes - PAGE_BYTES;
  let namesLeft = mostNameBytes;
  if (left < 0) return bad(NfsStatus.TOOSMALL, place);
  const entries: FolderEntry[] = [];
  for await (const entry of entriesAfter(place, request.cookie, batchFor(left, form))) {
    const nameBytes = ENTRY_BYTES + opaqueSize(entry.name.length);
    left -= form === 'plus' ? nameBytes + PLUS_BYTES : nameBytes;
    namesLeft -= nameBytes;
    if (entries.length === 0 && left < 0) return bad(NfsStatus.TOOSMALL, place);
    if (entries.length > 0 && (left < 0 || namesLeft < 0)) return good({ place, entries, isEnd: false });
    entries.push(entry);
  }
  return good({ place, entries, isEnd: true });
}

/** One more than fit, so that the tree is mostly asked once for a page. */
function batchFor(bytes: number, form: PageRequest['form']): number {
  const smallest = ENTRY_BYTES + opaqueSize(1) + (form === 'plus' ? PLUS_BYTES : 0);
  return Math.min(BATCH, Math.floor(bytes / smallest) + 1);
}

async function* entriesAfter(place: Place, cookie: number, batch: number): AsyncGenerator<FolderEntry> {
  const { tree } = place.export;
  if (cookie < OWN_COOKIE) yield { name: encodeText('.'), node: place.node, cookie: OWN_COOKIE };
  if (cookie < PARENT_COOKIE)
    yield { name: encodeText('..'), node: await tree.parent(place.node), cookie: PARENT_COOKIE };
  // A cookie that was made up lies behind the end or in the midst of the folder; both do no harm.
  let after = Math.min(Math.max(0, cookie - PARENT_COOKIE), Number.MAX_SAFE_INTEGER);
  for (;;) {
    const entries = await tree.entries(place.node, after, batch);
    if (entries.length === 0) return;
    for (const entry of entries) {
      after = entry.cookie;
      const name = encodeText(entry.name);
      if (name.length <= MAX_NAME_BYTES) yield { name, node: entry.node, cookie: after + PARENT_COOKIE };
    }
  }
}
