import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { Digests, ProofAlgorithm } from '../../core/mirrors/proof.ts';
import type { MirrorFiles, PartialFile } from './mirror-files.ts';

/** What has come of a file, on the disk and with its digest so far. One call at a time. */
export class MirrorPartial {
  readonly #files: MirrorFiles;
  readonly #algorithm: ProofAlgorithm;
  readonly path: string;
  #handle: FileHandle | undefined;
  #hashes: ReadonlyMap<ProofAlgorithm, Hash> = new Map();
  #have = 0;
  #facts: PartialFile;
  #generation = 0;

  /** @param algorithm of the digest that is wanted beside SHA-256. */
  constructor(files: MirrorFiles, path: string, algorithm: ProofAlgorithm = 'sha256') {
    this.#files = files;
    this.#algorithm = algorithm;
    this.path = path;
    this.#facts = { path };
  }

  get have(): number {
    return this.#have;
  }

  /** What the upstream told of the file. */
  get facts(): PartialFile {
    return this.#facts;
  }

  /** Another number means that what came before is not of the file that comes now. */
  get generation(): number {
    return this.#generation;
  }

  /** Goes on with what an earlier run left, unless that is more than there can be. */
  async open(mostBytes = Number.POSITIVE_INFINITY): Promise<void> {
    const before = await this.#files.readPartial(this.path);
    const name = this.#files.partialOf(this.path);
    this.#hashes = this.#newHashes();
    if (before === undefined || before.have > mostBytes) {
      this.#handle = await open(name, 'w+', 0o600);
      return;
    }
    this.#handle = await open(name, 'r+');
    const { have, ...facts } = before;
    for await (const piece of this.#handle.createReadStream({ start: 0, end: have - 1, autoClose: false }))
      for (const hash of this.#hashes.values()) hash.update(piece as Buffer);
    this.#have = have;
    this.#facts = facts;
  }

  /** What the upstream tells, so that a later run can go on. */
  async begin(facts: PartialFile): Promise<void> {
    this.#facts = facts;
    await this.#files.writePartialFacts(facts);
  }

  /** Rejects as the system does when the disk takes no more. */
  async append(piece: Uint8Array): Promise<void> {
    for (let at = 0; at < piece.length; ) {
      const { bytesWritten } = await this.#open.write(piece, at, piece.length - at, this.#have + at);
      at += bytesWritten;
    }
    for (const hash of this.#hashes.values()) hash.update(piece);
    this.#have += piece.length;
  }

  /** Nothing of it is left. Those who read it keep what they have open, and see by the generation that it ends there. */
  async beginAnew(): Promise<void> {
    if (this.#have === 0) return;
    await this.close();
    await this.#files.dropPartial(this.path);
    this.#handle = await open(this.#files.partialOf(this.path), 'w+', 0o600);
    this.#have = 0;
    this.#facts = { path: this.path };
    this.#hashes = this.#newHashes();
    this.#generation += 1;
  }

  /** Of all of it, which is with the disk then; nothing is appended any more. */
  async finish(): Promise<Digests & { readonly sha256: string }> {
    await this.#open.datasync();
    const digests = Object.fromEntries(
      [...this.#hashes].map(([name, hash]) => [name, hash.copy().digest('hex')]),
    );
    return { ...digests, sha256: digests['sha256'] ?? '' };
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }

  get #open(): FileHandle {
    if (this.#handle === undefined) throw new Error(`${this.path} is not open`);
    return this.#handle;
  }

  #newHashes(): ReadonlyMap<ProofAlgorithm, Hash> {
    const names = new Set<ProofAlgorithm>(['sha256', this.#algorithm]);
    return new Map([...names].map((name) => [name, createHash(name)]));
  }
}
