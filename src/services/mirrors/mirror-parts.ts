import { type FileRole, folderOf, roleOf } from '../../core/mirrors/file-role.ts';
import type { Mirror } from '../../core/mirrors/mirror.ts';
import type { Proof } from '../../core/mirrors/proof.ts';
import { packageListOf, proofListOf } from '../../core/mirrors/proof-lists.ts';
import type { Turns } from '../../lib/turns.ts';
import { type KeptFile, MirrorFiles } from './mirror-files.ts';
import { MirrorFetches } from './mirror-fetches.ts';
import { MirrorHeads } from './mirror-heads.ts';
import { MirrorKept } from './mirror-kept.ts';
import { MirrorProofs } from './mirror-proofs.ts';
import { MirrorReach, type Unreachable } from './mirror-reach.ts';
import { MirrorUpstream, type UpstreamLimits } from './mirror-upstream.ts';

export interface MirrorPartsNeeds {
  readonly mirror: () => Mirror;
  readonly folder: string;
  readonly freeBytes: number;
  readonly nowMs: () => number;
  readonly upstreamLimits?: Partial<UpstreamLimits> | undefined;
  readonly received: (bytes: number) => void;
  /** In which lists are read. */
  readonly turns: Turns;
  readonly tell: {
    readonly reach: (now: Unreachable | undefined) => void;
    readonly mismatch: (path: string, because: string) => void;
    readonly changed: (folder: string, indexes: number) => void;
    readonly full: (because: string) => void;
  };
  /** A fault of ours or of the disk, for the log. */
  readonly failed: (error: unknown) => void;
}

/** What one mirror is made of, put together; and which lists are read when. */
export class MirrorParts {
  readonly files: MirrorFiles;
  readonly kept: MirrorKept;
  readonly proofs: MirrorProofs;
  readonly upstream: MirrorUpstream;
  readonly reach: MirrorReach;
  readonly fetches: MirrorFetches;
  readonly heads: MirrorHeads;
  readonly received: (bytes: number) => void;
  readonly failed: (error: unknown) => void;
  readonly tellFull: (because: string) => void;
  /** What was kept is known, and its lists are being read. Rejects when the folder cannot be had. */
  readonly ready: Promise<void>;
  readonly #needs: MirrorPartsNeeds;
  /** Lists that are being read, or fetched to be read. */
  readonly #reading = new Map<string, Promise<void>>();

  constructor(needs: MirrorPartsNeeds) {
    const { mirror, nowMs, received, tell } = needs;
    this.#needs = needs;
    this.received = received;
    this.failed = needs.failed;
    this.tellFull = tell.full;
    this.files = new MirrorFiles(needs.folder);
    this.proofs = new MirrorProofs(mirror().kind, needs.turns);
    this.upstream = new MirrorUpstream(mirror().url, needs.upstreamLimits);
    this.reach = new MirrorReach(nowMs, tell.reach);
    const { files, proofs, upstream, reach } = this;
    this.kept = new MirrorKept({
      files,
      mirror,
      freeBytes: needs.freeBytes,
      nowMs,
      isCurrent: (sha256) => proofs.isCurrent(sha256),
    });
    const { kept } = this;
    this.fetches = new MirrorFetches({
      files,
      upstream,
      kept,
      proofs,
      reach,
      nowMs,
      received,
      mismatch: tell.mismatch,
      landed: (file) => this.#landed(file),
    });
    this.heads = new MirrorHeads({
      mirror,
      kept,
      proofs,
      fetches: this.fetches,
      nowMs,
      changed: tell.changed,
    });
    this.ready = this.#open();
    this.ready.catch(needs.failed);
  }

  /** What the file must be, once the lists that may say it are read. */
  async proofOf(path: string, role: FileRole): Promise<Proof | undefined> {
    const proof = this.proofs.find(path);
    if (proof !== undefined || role === 'head' || this.#reading.size === 0) return proof;
    await Promise.allSettled(this.#reading.values());
    return this.proofs.find(path);
  }

  /** The folder of the head that lists an index: the nearest above it. */
  headFolderOf(path: string): string {
    const folders = this.heads.folders().filter((folder) => path.startsWith(folder));
    return folders.sort((one, other) => other.length - one.length)[0] ?? folderOf(path);
  }

  async close(): Promise<void> {
    await this.ready.catch(() => undefined);
    await this.fetches.close();
    await Promise.allSettled(this.#reading.values());
    this.upstream.close();
  }

  async #open(): Promise<void> {
    await this.kept.open();
    const { kind } = this.#needs.mirror();
    const files = [...this.kept.all()];
    const isHead = ({ path }: KeptFile): boolean => roleOf(path, kind) === 'head';
    // Heads first: they tell which of the others are lists under another name.
    for (const { path } of files.filter(isHead)) await this.#read(path, path);
    for (const file of files) if (!isHead(file)) this.#readLater(file.path);
  }

  /** A list that is in its place tells of others from now on. */
  async #landed({ path }: KeptFile): Promise<void> {
    this.#readLater(path);
    // Whoever asked for it asks next for what it lists.
    await Promise.resolve();
  }

  #readLater(path: string): void {
    const { kind } = this.#needs.mirror();
    const list = this.proofs.listNameOf(path);
    if (proofListOf(list, kind) !== undefined || packageListOf(list) !== undefined)
      this.#note(list, () => this.#readOrSibling(list, path));
  }

  #note(list: string, work: () => Promise<void>): void {
    if (this.#reading.has(list)) return;
    const reading = work()
      .catch(this.#needs.failed)
      .finally(() => this.#reading.delete(list));
    this.#reading.set(list, reading);
  }

  /** Where it cannot be read, the same list packed otherwise is fetched: that is what verifying costs. */
  async #readOrSibling(list: string, path: string): Promise<void> {
    if (await this.#read(list, path)) return;
    for (const sibling of this.proofs.siblingsOf(list)) {
      // One that is being read is read whatever comes of this one, and may be waiting for it.
      if (this.#reading.has(sibling)) continue;
      this.#note(sibling, () => this.#fetchToRead(sibling));
      await this.#reading.get(sibling);
      if (!this.proofs.unreadable.has(list)) return;
    }
  }

  async #fetchToRead(list: string): Promise<void> {
    const proof = this.proofs.find(list);
    const kept = this.kept.get(list);
    const isCurrent = kept !== undefined && proof?.hex === kept.sha256;
    if (!isCurrent && this.#needs.mirror().mode === 'online') await this.fetches.begin(list, proof)?.settled;
    if (this.kept.get(list) !== undefined) await this.#read(list, list);
  }

  /** @returns whether what it lists is known now. */
  async #read(list: string, path: string): Promise<boolean> {
    const read = await this.proofs.read(list, this.files.bodyOf(path));
    if (read !== undefined) this.proofs.put(list, read);
    return read !== undefined;
  }
}
