import { open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StoreError } from '../store-error.ts';

/**
 * `Mstr` in the header of the file (https://www.sqlite.org/fileformat.html §1.3.9): how we know our own database
 * from another program's before SQLite opens, and perhaps changes, it.
 */
export const APPLICATION_ID = 0x4d737472;

const MAGIC = 'SQLite format 3\0';
const HEADER_BYTES = 100;
const APPLICATION_ID_OFFSET = 68;

/** Only for the user that runs Muster: the database holds the tokens of installs, and what their templates say. */
const FILE_MODE = 0o600;

/**
 * Makes the file where there is none, and looks whether it is ours where there is one.
 *
 * @throws StoreError when the file cannot be made or read, or is not ours.
 */
export async function prepareDatabaseFile(path: string): Promise<'new' | 'ours'> {
  await makeUnlessThere(path);
  const header = await readHeader(path);
  if (header.length === 0) return 'new';
  if (header.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    throw new StoreError('not ours', `${path} is not a database of Muster`, ELSEWHERE);
  }
  const isWhole = header.length === HEADER_BYTES;
  if (!isWhole || header.readUInt32BE(APPLICATION_ID_OFFSET) !== APPLICATION_ID) {
    throw new StoreError('not ours', `${path} is a database of another program`, ELSEWHERE);
  }
  return 'ours';
}

const ELSEWHERE = 'name another data folder, or move the file away';

async function makeUnlessThere(path: string): Promise<void> {
  try {
    const file = await open(path, 'wx', FILE_MODE);
    await file.close();
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    if (cause.code !== 'EEXIST') throw cannot('made', path, cause);
    const found = await stat(path);
    if (!found.isFile()) throw new StoreError('not ours', `${path} is not a file`, ELSEWHERE, { cause });
  }
}

async function readHeader(path: string): Promise<Buffer> {
  try {
    // For writing too, so that one that must not be written is found now.
    const file = await open(path, 'r+');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw isSystemError(cause) ? cannot('opened for writing', path, cause) : cause;
  }
}

/** What the operating system said, and what to do about it. */
const ADVICE: Readonly<Record<string, (path: string) => string>> = {
  ENOENT: (path) => `make the folder ${dirname(path)} first`,
  ENOTDIR: (path) => `${dirname(path)} must be a folder`,
  EACCES: (path) => `let the user that runs Muster read and write it and its folder ${dirname(path)}`,
  EPERM: (path) => `let the user that runs Muster read and write it and its folder ${dirname(path)}`,
  EROFS: () => 'name a data folder on a disk that can be written',
  ENOSPC: () => 'make room on the disk',
  EDQUOT: () => 'make room in the quota of the user that runs Muster',
};

function cannot(what: string, path: string, cause: NodeJS.ErrnoException): StoreError {
  const advice = ADVICE[cause.code ?? '']?.(path) ?? 'see what the operating system says about it';
  const full = cause.code === 'ENOSPC' || cause.code === 'EDQUOT';
  const problem = `The database ${path} cannot be ${what} (${cause.code ?? cause.message})`;
  return new StoreError(full ? 'disk full' : 'cannot write', problem, advice, { cause });
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error;
}
