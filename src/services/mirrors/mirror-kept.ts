import type { FileHandle } from 'node:fs/promises';
import { decideEviction } from '../../core/mirrors/decide-eviction.ts';
import { roleOf } from '../../core/mirrors/file-role.ts';
import { MAX_MIRROR_FILES, type Mirror } from '../../core/mirrors/mirror.ts';
import { type KeptFile, type MirrorFiles, openRegular } from './mirror-files.ts';

/** The use of a file is written down so often, in milliseconds. */
const NOTE_USE_EVERY_MS = 3_600_000;

export interface MirrorKeptNeeds {
  readonly files: MirrorFiles;
  readonly mirror: () => Mirror;
  /** So much of the disk stays free, for the database and the rest of this server. */
  readonly freeBytes: number;
  readonly nowMs: () => number;
  /** Whether the current heads list an index that has its digest for a name. */
  readonly isCurrent: (sha256: string) => boolean;
}

export interface KeptTotals {
  readonly files: number;
  readonly bytes: number;
  /** Files of which nothing said what they must be. */
  readonly unverified: number;
}

/** The files that are here of one mirror, and the room they have. */
export class MirrorKept {
  readonly #needs: MirrorKeptNeeds;
  readonly #kept = new Map<string, KeptFile>();
  /** Bytes of what comes now, by the path it is fetched for. */
  readonly #coming = new Map<string, number>();
  /** Bytes of what broke off, by file. */
  #parts = new Map<string, number>();
  #bytes = 0;
  #unverified = 0;

  constructor(needs: MirrorKeptNeeds) {
    this.#needs = needs;
  }

  async open(): Promise<void> {
    const { files, nowMs } = this.#needs;
    await files.prepare();
    for (const file of await files.walk(nowMs())) this.#set(file);
    this.#parts = new Map(await files.parts());
  }

  get(path: string): KeptFile | undefined {
    return this.#kept.get(path);
  }

  all(): Iterable<KeptFile> {
    return this.#kept.values();
  }

  get totals(): KeptTotals {
    return { files: this.#kept.size, bytes: this.#bytes, unverified: this.#unverified };
  }

  /** To be read, which counts as a use; undefined where somebody took it away behind our back. */
  async openFile(file: KeptFile): Promise<FileHandle | undefined> {
    const handle = await openRegular(this.#needs.files.bodyOf(file.path));
    if (handle === undefined || (await handle.stat()).size !== file.bytes) {
      await handle?.close();
      await this.drop(file.path);
      return undefined;
    }
    const nowMs = this.#needs.nowMs();
    const before = this.#kept.get(file.path);
    if (before === undefined) return handle;
    this.#kept.set(file.path, { ...before, usedAtMs: nowMs });
    if (nowMs - before.usedAtMs > NOTE_USE_EVERY_MS) void this.#needs.files.noteUse(file.path, nowMs);
    return handle;
  }

  /** A file that came whole. @param cameAs the path it was fetched for. */
  async land(file: KeptFile, cameAs = file.path): Promise<void> {
    await this.#needs.files.land(file, cameAs);
    this.#set(file);
  }

  /** The upstream says that it is current, or an index vouches for it by now. */
  async confirm(file: KeptFile): Promise<void> {
    if (!this.#kept.has(file.path)) return;
    this.#set(file);
    await this.#needs.files.writeFacts(file);
  }

  async drop(path: string): Promise<void> {
    this.#unset(path);
    await this.#needs.files.drop(path);
  }

  /** Makes room for a file that begins to come. @returns why there is none. */
  async reserve(path: string, bytes: number): Promise<string | undefined> {
    this.#coming.set(path, bytes);
    const because = await this.#makeRoom();
    if (because !== undefined) this.#coming.delete(path);
    return because;
  }

  /** The limit may be smaller by now. */
  async trim(): Promise<void> {
    await this.#makeRoom();
  }

  /** It came, or broke off. @param left bytes of it that are still here. */
  release(path: string, left: number): void {
    const name = this.#needs.files.partialOf(path);
    this.#coming.delete(path);
    if (left > 0) this.#parts.set(name, left);
    else this.#parts.delete(name);
  }

  async #makeRoom(): Promise<string | undefined> {
    const { maxBytes } = this.#needs.mirror();
    const sum = (numbers: Iterable<number>): number => [...numbers].reduce((one, other) => one + other, 0);
    const coming = sum(this.#coming.values());
    if (coming > maxBytes) return `the mirror keeps at most ${maxBytes} bytes, and ${coming} are to come`;
    const over = this.#bytes + sum(this.#parts.values()) + coming - maxBytes;
    const missing = (await this.#needs.files.freeBytes()) - this.#needs.freeBytes - coming;
    let bytes = Math.max(over, -missing, 0);
    bytes -= await this.#dropParts(bytes);
    const eviction = decideEviction(this.#evictable(), {
      bytes,
      files: this.#kept.size + this.#coming.size - MAX_MIRROR_FILES,
    });
    if (!eviction.there) return eviction.because;
    for (const path of eviction.evict) await this.drop(path);
    return undefined;
  }

  /** What broke off goes before anything that is whole. @returns the bytes of it. */
  async #dropParts(bytes: number): Promise<number> {
    const busy = new Set([...this.#coming.keys()].map((path) => this.#needs.files.partialOf(path)));
    let freed = 0;
    for (const [name, size] of this.#parts) {
      if (freed >= bytes) break;
      if (busy.has(name)) continue;
      this.#parts.delete(name);
      await this.#needs.files.dropPart(name);
      freed += size;
    }
    return freed;
  }

  *#evictable() {
    const { kind } = this.#needs.mirror();
    for (const { path, bytes, usedAtMs, sha256 } of this.#kept.values()) {
      const role = roleOf(path, kind);
      yield { key: path, role, bytes, usedAtMs, isNeeded: role === 'named' && this.#needs.isCurrent(sha256) };
    }
  }

  #set(file: KeptFile): void {
    this.#unset(file.path);
    this.#kept.set(file.path, file);
    this.#bytes += file.bytes;
    if (file.proof === undefined) this.#unverified += 1;
  }

  #unset(path: string): void {
    const file = this.#kept.get(path);
    if (file === undefined) return;
    this.#kept.delete(path);
    this.#bytes -= file.bytes;
    if (file.proof === undefined) this.#unverified -= 1;
  }
}
