import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../lib/clock.ts';
import type { InstallLogLimits } from './install-logs.ts';

export interface LogFilesNeeds {
  readonly folder: string;
  readonly limits: InstallLogLimits;
  readonly isOpen: (installId: string) => Promise<boolean>;
  readonly clock: Clock;
}

/** Installs' ids, and so the names of their files: nothing else is read or written there. */
const ID = /^i-[\da-f]{12}$/;
const ENDING = '.log';
const NOTHING: LogFile = { bytes: 0, writtenAtMs: 0, isFull: false };
/** What `fullSentence` says, of whatever size; every line of an installer begins with its time. */
const FULL = /^muster: this log has its \d+ bytes, and what comes now is not kept$/;
/** Bytes of the longest such line. */
const LONGEST_FULL_BYTES = 128;
/** Read at once from the end when the last lines are looked for. */
const TAIL_BYTES = 64 * 1024;

interface LogFile {
  bytes: number;
  /** When it was last written to. */
  writtenAtMs: number;
  /** Nothing more is kept, and its last line says so. */
  isFull: boolean;
}

/** The files of `InstallLogs`. One call of `append` at a time. */
export class LogFiles {
  readonly #needs: LogFilesNeeds;
  readonly #files = new Map<string, LogFile>();
  #totalBytes = 0;

  constructor(needs: LogFilesNeeds) {
    this.#needs = needs;
  }

  get totalBytes(): number {
    return this.#totalBytes;
  }

  async look(): Promise<void> {
    for (const name of await readdir(this.#needs.folder)) {
      const installId = name.endsWith(ENDING) ? name.slice(0, -ENDING.length) : '';
      if (!ID.test(installId)) continue;
      const found = await lstat(join(this.#needs.folder, name));
      if (!found.isFile()) continue;
      const { size, mtimeMs } = found;
      const isFull = size >= this.#needs.limits.installBytes || (await this.#saysFull(installId, size));
      this.#files.set(installId, { bytes: size, writtenAtMs: mtimeMs, isFull });
      this.#totalBytes += size;
    }
  }

  size(installId: string): number {
    return this.#files.get(installId)?.bytes ?? 0;
  }

  /** @returns how many of the lines were kept, the first ones. */
  async append(installId: string, lines: readonly string[]): Promise<number> {
    const before = this.#files.get(installId) ?? NOTHING;
    if (before.isFull || !ID.test(installId)) return 0;
    const { installBytes } = this.#needs.limits;
    let kept = 0;
    let bytes = 0;
    for (const line of lines) {
      const more = Buffer.byteLength(line) + 1;
      if (before.bytes + bytes + more > installBytes) break;
      bytes += more;
      kept += 1;
    }
    if (!(await this.#makeRoom(bytes, installId))) return 0;
    const isFull = kept < lines.length;
    const end = isFull ? [fullSentence(installBytes)] : [];
    const text = [...lines.slice(0, kept), ...end].map((line) => `${line}\n`).join('');
    await this.#write(installId, text, before.bytes);
    const written = Buffer.byteLength(text);
    this.#files.set(installId, {
      bytes: before.bytes + written,
      writtenAtMs: this.#needs.clock.nowMs(),
      isFull,
    });
    this.#totalBytes += written;
    return kept;
  }

  async read(installId: string, offset: number, length: number): Promise<Uint8Array> {
    const handle = await this.#openToRead(installId);
    if (handle === undefined) return new Uint8Array();
    try {
      const wanted = Math.max(0, Math.min(length, this.size(installId) - offset));
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(wanted), 0, wanted, offset);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  }

  async tailOffset(installId: string, lines: number): Promise<number> {
    let end = this.size(installId);
    // The last byte ends the last line; the one before the wanted lines ends another.
    let breaks = lines + 1;
    while (end > 0) {
      const start = Math.max(0, end - TAIL_BYTES);
      const bytes = await this.read(installId, start, end - start);
      for (let at = bytes.length - 1; at >= 0; at -= 1) {
        if (bytes[at] !== 0x0a) continue;
        breaks -= 1;
        if (breaks === 0) return start + at + 1;
      }
      end = start;
    }
    return 0;
  }

  /**
   * Takes away the logs of installs that are over, those first that were written to longest ago.
   *
   * @param growing the log for which it is: an installer may go on talking when its install is over.
   */
  async #makeRoom(bytes: number, growing: string): Promise<boolean> {
    const { totalBytes } = this.#needs.limits;
    if (this.#totalBytes + bytes <= totalBytes) return true;
    const oldest = [...this.#files].sort(([, one], [, other]) => one.writtenAtMs - other.writtenAtMs);
    for (const [installId, file] of oldest) {
      if (this.#totalBytes + bytes <= totalBytes) break;
      if (installId === growing || (await this.#needs.isOpen(installId))) continue;
      await rm(this.#pathOf(installId), { force: true });
      this.#files.delete(installId);
      this.#totalBytes -= file.bytes;
    }
    return this.#totalBytes + bytes <= totalBytes;
  }

  /** @param bytes that it has; on a full disk a part of the text may be written, which is taken back. */
  async #write(installId: string, text: string, bytes: number): Promise<void> {
    const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;
    const handle = await open(this.#pathOf(installId), flags, 0o600);
    try {
      await handle.writeFile(text);
    } catch (error) {
      await handle.truncate(bytes);
      throw error;
    } finally {
      await handle.close();
    }
  }

  /** A log that got its last line before a restart gets no other. */
  async #saysFull(installId: string, size: number): Promise<boolean> {
    const path = this.#pathOf(installId);
    const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      const { buffer, bytesRead } = await handle.read(
        Buffer.alloc(LONGEST_FULL_BYTES),
        0,
        LONGEST_FULL_BYTES,
        Math.max(0, size - LONGEST_FULL_BYTES),
      );
      const last = buffer.toString('utf8', 0, bytesRead).trimEnd().split('\n').at(-1) ?? '';
      return FULL.test(last);
    } finally {
      await handle.close();
    }
  }

  async #openToRead(installId: string): Promise<FileHandle | undefined> {
    if (!this.#files.has(installId)) return undefined;
    return await open(this.#pathOf(installId), constants.O_RDONLY | constants.O_NOFOLLOW);
  }

  #pathOf(installId: string): string {
    return join(this.#needs.folder, `${installId}${ENDING}`);
  }
}

function fullSentence(bytes: number): string {
  return `muster: this log has its ${bytes} bytes, and what comes now is not kept`;
}
