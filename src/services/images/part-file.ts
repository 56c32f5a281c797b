import { createHash, type Hash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, link, lstat, open, rename, rm, statfs, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Left free on the disk: leases and events have to go somewhere while an image arrives. */
const LEFT_FREE_BYTES = 256 * 1024 * 1024;

export type Kept = { readonly kept: true } | { readonly kept: false; readonly because: string };

/** A file that is not whole yet, beside its place: `x.iso.part`. One call at a time. */
export class PartFile {
  readonly #place: string;
  readonly #handle: FileHandle;
  #bytes: number;
  /** Undefined where not all of it went through here. */
  #hash: Hash | undefined;

  private constructor(place: string, handle: FileHandle, bytes: number) {
    this.#place = place;
    this.#handle = handle;
    this.#bytes = bytes;
    this.#hash = bytes === 0 ? createHash('sha256') : undefined;
  }

  /** Goes on where it ended. @param place where the file goes once it is whole. */
  static async open(place: string): Promise<PartFile> {
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW;
    const handle = await open(partOf(place), flags, 0o644);
    try {
      return new PartFile(place, handle, (await handle.stat()).size);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  get bytes(): number {
    return this.#bytes;
  }

  async empty(): Promise<void> {
    await this.#handle.truncate(0);
    this.#bytes = 0;
    this.#hash = createHash('sha256');
  }

  /** @param more bytes that are to come. */
  async room(more: number): Promise<Kept> {
    const { bavail, bsize } = await statfs(dirname(this.#place));
    const free = bavail * bsize - LEFT_FREE_BYTES;
    if (more <= free) return { kept: true };
    return {
      kept: false,
      because: `${megabytes(more)} more are needed in ${dirname(this.#place)}, and ${megabytes(Math.max(0, free))} are free there`,
    };
  }

  async add(bytes: Uint8Array): Promise<Kept> {
    try {
      for (let at = 0; at < bytes.length; ) {
        const { bytesWritten } = await this.#handle.write(bytes, at, bytes.length - at, this.#bytes + at);
        at += bytesWritten;
      }
    } catch (error) {
      const code = codeOf(error);
      if (code === 'ENOSPC' || code === 'EDQUOT')
        return { kept: false, because: `the disk with ${dirname(this.#place)} is full` };
      if (code === 'EFBIG') return { kept: false, because: 'this file system takes no file as large' };
      throw error;
    }
    this.#bytes += bytes.length;
    this.#hash?.update(bytes);
    return { kept: true };
  }

  /** What went through here has this one; undefined where a part was here before. */
  sha256(): string | undefined {
    return this.#hash?.copy().digest('hex');
  }

  /** In its place, and there after a power cut; nothing that is there is written over. */
  async finish(): Promise<Kept> {
    await this.#handle.sync();
    await this.#handle.close();
    const part = partOf(this.#place);
    try {
      // Unlike a rename, a link fails when the name has been taken meanwhile.
      await link(part, this.#place);
      await unlink(part);
    } catch (error) {
      const code = codeOf(error);
      if (code === 'EEXIST') return { kept: false, because: `"${this.#place}" is there already` };
      // Some file systems have no links.
      if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EMLINK') throw error;
      if (await isThere(this.#place)) return { kept: false, because: `"${this.#place}" is there already` };
      await rename(part, this.#place);
    }
    await syncFolder(dirname(this.#place));
    return { kept: true };
  }

  /** May be said again. */
  async close(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
  }
}

export function partOf(place: string): string {
  return `${place}.part`;
}

export async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return false;
    throw error;
  }
}

export async function removePart(place: string): Promise<void> {
  await rm(partOf(place), { force: true });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1_000_000)} MB`;
}

/** The entry of a new file is on the disk only when its folder is. */
async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
