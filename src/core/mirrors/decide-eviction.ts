import type { FileRole } from './file-role.ts';

export interface Evictable {
  readonly key: string;
  readonly role: FileRole;
  readonly bytes: number;
  readonly usedAtMs: number;
  /** Somebody reads it now, or the current indexes are of it. */
  readonly isNeeded: boolean;
}

export interface RoomWanted {
  /** Of the disk and of the limit of the mirror together: how much has to go. */
  readonly bytes: number;
  readonly files: number;
}

export type Eviction =
  | { readonly there: true; readonly evict: readonly string[] }
  | { readonly there: false; readonly because: string };

/** What goes before what. A head and its indexes stay: without them nothing of the mirror can be used. */
const ORDER: Readonly<Record<FileRole, number>> = { package: 0, other: 0, named: 1, index: 2, head: 3 };
/** Those below it may go. */
const STAYS = ORDER.index;

/** The packages that nobody asked for longest, then old indexes that are kept under their digest. */
export function decideEviction(kept: Iterable<Evictable>, wanted: RoomWanted): Eviction {
  if (wanted.bytes <= 0 && wanted.files <= 0) return { there: true, evict: [] };
  const candidates = Array.from(kept)
    .filter(({ role, isNeeded }) => !isNeeded && ORDER[role] < STAYS)
    .sort((one, other) => ORDER[one.role] - ORDER[other.role] || one.usedAtMs - other.usedAtMs);
  const evict: string[] = [];
  let freed = 0;
  for (const { key, bytes } of candidates) {
    if (freed >= wanted.bytes && evict.length >= wanted.files) break;
    evict.push(key);
    freed += bytes;
  }
  if (freed < wanted.bytes || evict.length < wanted.files)
    return { there: false, because: 'all that may go is gone, and it still does not fit' };
  return { there: true, evict };
}
