import { constants } from 'node:fs';
import { type FileHandle, link, lstat, open, opendir, statfs, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import {
  objectionToUploadName,
  objectionToUploadSize,
  type UploadLimits,
  type UploadLoad,
  type UploadObjection,
} from '../../core/network/upload-rules.ts';
import { safeFileName } from '../../protocols/tftp/file-name.ts';

/** What an upload is called until it is whole; nobody can ask for such a name, since it begins with a dot. */
const PARTIAL = /^\.muster-upload-[0-9a-f]{16}$/;
const RANDOM_BYTES = 8;

export type UploadKept = { readonly kept: true } | ({ readonly kept: false } & UploadObjection);

export type UploadBegun =
  | { readonly begun: true; readonly file: UploadedFile }
  | ({ readonly begun: false } & UploadObjection);

export interface UploadFolderNeeds {
  /** An absolute path; the folder is there. */
  readonly folder: string;
  readonly limits: UploadLimits;
  readonly randomHex: (bytes: number) => string;
}

/**
 * Files that machines send, in one folder: each is written under another name and linked into its place when it is
 * whole and on the disk. Nothing that is there is ever written again.
 */
export class UploadFolder {
  readonly #needs: UploadFolderNeeds;
  readonly #underWay = new Set<UploadedFile>();
  /** Of the files in their place, as last seen. */
  #settled = { files: 0, bytes: 0 };
  /** One beginning at a time, so that two do not take the same room. */
  #beginning: Promise<unknown> = Promise.resolve();

  constructor(needs: UploadFolderNeeds) {
    this.#needs = needs;
  }

  /** Removes what a crash left behind. @returns how many. */
  async removePartials(): Promise<number> {
    let removed = 0;
    for await (const entry of await opendir(this.#needs.folder)) {
      if (!PARTIAL.test(entry.name) || !entry.isFile()) continue;
      await unlink(join(this.#needs.folder, entry.name));
      removed += 1;
    }
    return removed;
  }

  /** @param announcedBytes what the client told of the size. */
  begin(nameAsSent: string, announcedBytes: number | undefined): Promise<UploadBegun> {
    const begun = this.#beginning.then(() => this.#begin(nameAsSent, announcedBytes));
    this.#beginning = begun.catch(() => undefined);
    return begun;
  }

  async #begin(nameAsSent: string, announcedBytes: number | undefined): Promise<UploadBegun> {
    const { folder, limits, randomHex } = this.#needs;
    const safe = safeFileName(nameAsSent);
    const wrong = safe.safe ? objectionToUploadName(safe.path) : safe.because;
    if (!safe.safe || wrong !== undefined) return { begun: false, kind: 'name', because: wrong ?? '' };
    const place = join(folder, safe.path);
    if (await isThere(place)) return { begun: false, kind: 'exists', because: ALREADY_THERE };
    await this.#look();
    const full = objectionToUploadSize(announcedBytes, await this.#load(), limits);
    if (full !== undefined) return { begun: false, kind: 'full', because: full };
    const partial = join(folder, `.muster-upload-${randomHex(RANDOM_BYTES)}`);
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
    const handle = await open(partial, flags, 0o640);
    const file = new UploadedFile({
      folder,
      place,
      partial,
      handle,
      announcedBytes,
      objection: (bytes) => this.#objectionTo(file, bytes),
      left: (bytes) => this.#left(file, bytes),
    });
    this.#underWay.add(file);
    return { begun: true, file };
  }

  #objectionTo(file: UploadedFile, bytes: number): string | undefined {
    const others = [...this.#underWay].filter((other) => other !== file);
    const taken = others.reduce((sum, other) => sum + other.reservedBytes, this.#settled.bytes);
    // The system says by itself when the disk is full.
    const load = { files: 0, totalBytes: taken, freeBytes: Infinity };
    return objectionToUploadSize(bytes, load, this.#needs.limits);
  }

  #left(file: UploadedFile, bytes: number | undefined): void {
    this.#underWay.delete(file);
    if (bytes === undefined) return;
    this.#settled = { files: this.#settled.files + 1, bytes: this.#settled.bytes + bytes };
  }

  async #load(): Promise<UploadLoad> {
    const { bavail, bsize } = await statfs(this.#needs.folder);
    const reserved = [...this.#underWay].reduce((sum, file) => sum + file.reservedBytes, 0);
    return {
      files: this.#settled.files + this.#underWay.size,
      totalBytes: this.#settled.bytes + reserved,
      freeBytes: bavail * bsize - reserved,
    };
  }

  /** People take files away, so it is counted anew for each upload; beyond the limit counting ends. */
  async #look(): Promise<void> {
    const { folder, limits } = this.#needs;
    const seen = { files: 0, bytes: 0 };
    for await (const entry of await opendir(folder)) {
      if (PARTIAL.test(entry.name)) continue;
      seen.files += 1;
      if (seen.files > limits.files) break;
      seen.bytes += await sizeOf(join(folder, entry.name));
    }
    this.#settled = seen;
  }
}

const ALREADY_THERE = 'a file of that name is there already, and nothing is overwritten';

interface UploadedFileNeeds {
  readonly folder: string;
  readonly place: string;
  readonly partial: string;
  readonly handle: FileHandle;
  readonly announcedBytes: number | undefined;
  readonly objection: (bytes: number) => string | undefined;
  /** Called once; with the size of a file that is in its place. */
  readonly left: (bytes: number | undefined) => void;
}

/** One upload under way. One call at a time. */
class UploadedFile {
  readonly #needs: UploadedFileNeeds;
  #written = 0;
  #over = false;

  constructor(needs: UploadedFileNeeds) {
    this.#needs = needs;
  }

  /** Room that others may not take. */
  get reservedBytes(): number {
    return Math.max(this.#written, this.#needs.announcedBytes ?? 0);
  }

  async write(bytes: Uint8Array): Promise<UploadKept> {
    const objection = this.#needs.objection(this.#written + bytes.length);
    if (objection !== undefined) return { kept: false, kind: 'full', because: objection };
    try {
      for (let at = 0; at < bytes.length; ) {
        const { bytesWritten } = await this.#needs.handle.write(bytes, at, bytes.length - at);
        at += bytesWritten;
        this.#written += bytesWritten;
      }
      return { kept: true };
    } catch (error) {
      return fullDisk(error);
    }
  }

  /** Resolves when the file is in its place and survives a power cut. */
  async finish(): Promise<UploadKept> {
    const { handle, announcedBytes, partial, place, folder } = this.#needs;
    if (announcedBytes !== undefined && this.#written !== announcedBytes) {
      const because = `it ended after ${this.#written} of the ${announcedBytes} bytes that were told`;
      return { kept: false, kind: 'name', because };
    }
    try {
      await handle.sync();
      // Unlike a rename, a link fails when the name has been taken meanwhile.
      await link(partial, place);
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return { kept: false, kind: 'exists', because: ALREADY_THERE };
      return fullDisk(error);
    }
    await this.#leave(this.#written);
    await syncFolder(folder);
    return { kept: true };
  }

  /** Nothing of it is left. */
  async abandon(): Promise<void> {
    await this.#leave(undefined);
  }

  async #leave(bytes: number | undefined): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    try {
      await this.#needs.handle.close();
      await unlink(this.#needs.partial);
    } finally {
      this.#needs.left(bytes);
    }
  }
}

function fullDisk(error: unknown): UploadKept {
  const code = codeOf(error);
  if (code !== 'ENOSPC' && code !== 'EDQUOT') throw error;
  return { kept: false, kind: 'full', because: 'the disk of the server is full' };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await lstat(path)).size;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 0;
    throw error;
  }
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
