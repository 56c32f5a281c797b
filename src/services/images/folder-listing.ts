import { constants } from 'node:fs';
import { type FileHandle, open, opendir, readlink, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface ListedEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder';
}

export type Listing =
  | { readonly found: true; readonly entries: readonly ListedEntry[]; readonly isCut: boolean }
  | { readonly found: false; readonly because: string };

/** Entries of one listing; a mirror's largest folders stay below. */
export const MAX_LISTED = 10_000;

/**
 * What is in a folder inside a root, by name in code-unit order; only files and folders, and links to such. The
 * check is on the opened folder: the kernel's own name for it must lie inside the root.
 *
 * @param relativePath with `/` between names, without `..`; empty for the root itself.
 */
export async function listInsideFolder(root: string, relativePath: string): Promise<Listing> {
  const because = `"${relativePath}" is no folder here`;
  if (relativePath.includes('\0') || relativePath.split('/').includes('..')) return { found: false, because };
  let handle: FileHandle | undefined;
  try {
    const realRoot = await realpath(root);
    handle = await open(join(realRoot, relativePath), constants.O_RDONLY | constants.O_DIRECTORY);
    const opened = `/proc/self/fd/${handle.fd}`;
    const place = await readlink(opened);
    if (place !== realRoot && !place.startsWith(`${realRoot}/`)) return { found: false, because };
    return { found: true, ...(await readEntries(opened)) };
  } catch (error) {
    if (error instanceof Error && 'code' in error) return { found: false, because };
    throw error;
  } finally {
    await handle?.close();
  }
}

async function readEntries(folder: string): Promise<{ entries: readonly ListedEntry[]; isCut: boolean }> {
  const entries: ListedEntry[] = [];
  for await (const entry of await opendir(folder)) {
    if (entries.length === MAX_LISTED) return { entries: sorted(entries), isCut: true };
    const { name } = entry;
    if (entry.isDirectory()) entries.push({ name, kind: 'folder' });
    else if (entry.isFile()) entries.push({ name, kind: 'file' });
    else if (entry.isSymbolicLink()) {
      const kind = await kindBehindLink(join(folder, name));
      if (kind !== undefined) entries.push({ name, kind });
    }
  }
  return { entries: sorted(entries), isCut: false };
}

async function kindBehindLink(path: string): Promise<ListedEntry['kind'] | undefined> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) return 'folder';
    return found.isFile() ? 'file' : undefined;
  } catch {
    return undefined; // It leads nowhere, so there is nothing to list.
  }
}

function sorted(entries: readonly ListedEntry[]): readonly ListedEntry[] {
  return [...entries].sort((one, other) => (one.name < other.name ? -1 : 1));
}
