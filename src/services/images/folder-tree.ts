import { constants, type BigIntStats, type Dirent } from 'node:fs';
import { open, opendir, readlink, realpath, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { TreeReader } from '../../core/images/tree-reader.ts';
import { decodeText } from '../../lib/byte-reader.ts';
import type { ByteSource } from '../../lib/byte-source.ts';

/** Bytes of a path below a root; longer ones come from no client and no disc. */
export const MAX_INSIDE_PATH = 1024;
/** Names of a folder that are looked through; a mirror's pool has more, and none of them matters there. */
const MAX_ENTRIES = 10_000;

export type Opened =
  | { readonly found: true; readonly source: ByteSource; readonly mtimeMs: number }
  | { readonly found: false; readonly because: string };

/** Looks into a folder of this server. Nothing outside of it is there for the reader, symbolic links included. */
export function folderTree(root: string): TreeReader {
  return {
    async text(path, maxBytes) {
      const opened = await openInsideFolder(root, path);
      if (!opened.found) return undefined;
      try {
        return decodeText(await opened.source.read(0, Math.min(maxBytes, opened.source.size)));
      } finally {
        await opened.source.close();
      }
    },
    async isFile(path) {
      const inside = await locate(root, path);
      return inside.found && inside.stats.isFile();
    },
    async size(path) {
      const inside = await locate(root, path);
      return inside.found && inside.stats.isFile() ? Number(inside.stats.size) : undefined;
    },
    async folders(path) {
      const folder = await realFolderInside(root, path);
      return folder === undefined ? [] : await namesIn(folder, (entry) => entry.isDirectory());
    },
    async files(path) {
      const folder = await realFolderInside(root, path);
      if (folder === undefined) return [];
      const names = await namesIn(folder, (entry) => entry.isFile() || entry.isSymbolicLink());
      const inside = path === '' ? names : names.map((name) => `${path}/${name}`);
      const isFile = await Promise.all(inside.map((name) => this.isFile(name)));
      return names.filter((_, index) => isFile[index]);
    },
  };
}

/**
 * Opens a regular file of a folder for reading. Symbolic links are followed as long as they stay inside the root;
 * devices, pipes and sockets are refused before they are opened, since opening them can block or act.
 *
 * The tree may be changed by others meanwhile, so the checks are on the open file: it must be the one that was
 * looked at, and the kernel's own name for it must lie inside the root.
 *
 * @param relativePath with `/` between names; one slash at its beginning is taken off. Not decoded: `%2e` is a name.
 */
export async function openInsideFolder(root: string, relativePath: string): Promise<Opened> {
  const inside = await locate(root, relativePath);
  if (!inside.found) return inside;
  if (!inside.stats.isFile()) {
    return {
      found: false,
      because: `"${relativePath}" is ${kindOf(inside.stats)}, and only files are served`,
    };
  }
  let handle: FileHandle | undefined;
  try {
    handle = await open(inside.path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stats = await handle.stat({ bigint: true });
    const name = await readlink(`/proc/self/fd/${handle.fd}`);
    const same = stats.dev === inside.stats.dev && stats.ino === inside.stats.ino && stats.isFile();
    if (!same || !isInside(inside.root, name)) {
      await handle.close();
      return { found: false, because: `"${relativePath}" was changed while it was opened: ask again` };
    }
    return {
      found: true,
      source: sourceOfFile(handle, stats, relativePath),
      mtimeMs: Number(stats.mtimeMs),
    };
  } catch (error) {
    await handle?.close();
    return { found: false, because: reasonOf(error, relativePath) };
  }
}

/** The kernel's path of a folder below the root, or undefined when there is none. @param relativePath empty for the root. */
export async function realFolderInside(root: string, relativePath: string): Promise<string | undefined> {
  const inside = await locate(root, relativePath === '' ? '.' : relativePath);
  return inside.found && inside.stats.isDirectory() ? inside.path : undefined;
}

/** The kernel's path of a regular file below the root, or undefined when there is none. */
export async function realFileInside(root: string, relativePath: string): Promise<string | undefined> {
  const inside = await locate(root, relativePath);
  return inside.found && inside.stats.isFile() ? inside.path : undefined;
}

type Located =
  | { readonly found: true; readonly root: string; readonly path: string; readonly stats: BigIntStats }
  | { readonly found: false; readonly because: string };

/** The real place of a path below the root, when it has one there. */
async function locate(root: string, relativePath: string): Promise<Located> {
  const objection = objectionToPath(relativePath);
  if (objection !== undefined) return { found: false, because: objection };
  try {
    const realRoot = await realpath(root);
    const path = await realpath(join(realRoot, relativePath));
    if (!isInside(realRoot, path)) {
      return { found: false, because: `"${relativePath}" leads out of its folder` };
    }
    return { found: true, root: realRoot, path, stats: await stat(path, { bigint: true }) };
  } catch (error) {
    return { found: false, because: reasonOf(error, relativePath) };
  }
}

function objectionToPath(relativePath: string): string | undefined {
  if (relativePath.includes('\0')) return 'the path holds a NUL';
  if (Buffer.byteLength(relativePath) > MAX_INSIDE_PATH) {
    return `the path has more than ${MAX_INSIDE_PATH} bytes`;
  }
  if (relativePath.split('/').includes('..')) return `"${relativePath}" holds "..", which is never followed`;
  return undefined;
}

function isInside(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith('/') ? root : `${root}/`);
}

async function namesIn(path: string, isWanted: (entry: Dirent) => boolean): Promise<readonly string[]> {
  const names: string[] = [];
  let seen = 0;
  for await (const entry of await opendir(path)) {
    seen += 1;
    if (seen > MAX_ENTRIES) break;
    if (isWanted(entry)) names.push(entry.name);
  }
  return names.sort();
}

export function sourceOfFile(handle: FileHandle, stats: BigIntStats, name: string): ByteSource {
  const size = Number(stats.size);
  return {
    size,
    file: { descriptor: handle.fd, identity: identityOf(stats) },
    async readInto(offset, into) {
      const wanted = Math.max(0, Math.min(into.length, size - offset));
      if (wanted === 0) return 0;
      const { bytesRead } = await handle.read(into, 0, wanted, offset);
      // The length was told to the other end already, so a file that shrank cannot be helped.
      if (bytesRead === 0) throw new RangeError(`"${name}" ends at byte ${offset}, it had ${size}`);
      return bytesRead;
    },
    async read(offset, length) {
      const wanted = Math.max(0, Math.min(length, size - offset));
      const bytes = new Uint8Array(wanted);
      let filled = 0;
      while (filled < wanted) {
        const { bytesRead } = await handle.read(bytes, filled, wanted - filled, offset + filled);
        // The length was told to the other end already, so a file that shrank cannot be helped.
        if (bytesRead === 0)
          throw new RangeError(`"${name}" ends at byte ${offset + filled}, it had ${size}`);
        filled += bytesRead;
      }
      return bytes;
    },
    close: () => handle.close(),
  };
}

function kindOf(stats: BigIntStats): string {
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a named pipe';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
}

/** Another one when the file was replaced or written to. */
export function identityOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  ENOTDIR: 'is not there: a part of its path is no folder',
  EACCES: 'may not be read by Muster: give it read permission, and its folders search permission',
  EPERM: 'may not be read by Muster: give it read permission',
  ELOOP: 'is a symbolic link that leads in a circle or was put there just now',
  ENAMETOOLONG: 'is too long for a file name',
  EMFILE: 'cannot be opened: too many files are open',
  ENFILE: 'cannot be opened: too many files are open',
};

/** Why the system refuses, for people. @throws what is no refusal of the system. */
export function reasonOf(error: unknown, relativePath: string): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reason = REASONS[code];
  if (reason === undefined && code === '') throw error;
  return `"${relativePath}" ${reason ?? `cannot be read (${code})`}`;
}
