import { proofInName, roleOf } from '../../core/mirrors/file-role.ts';
import type { MirrorKind } from '../../core/mirrors/mirror.ts';
import type { Proof } from '../../core/mirrors/proof.ts';
import {
  packageListOf,
  type ProofList,
  proofListOf,
  readableSiblings,
} from '../../core/mirrors/proof-lists.ts';
import { ProofTable } from '../../core/mirrors/proof-table.ts';
import { saysByHash } from '../../core/mirrors/release-list.ts';
import type { Turns } from '../../lib/turns.ts';
import { unpackList } from '../images/unpack-list.ts';

/** Of a list that has its digest for a name, those of before that are remembered: machines may still go by them. */
const LISTS_BEFORE = 2;
/** The field that says it stands above the lists. */
const HEAD_TEXT = 4096;

/** What one list says. */
export interface ReadList {
  readonly table: ProofTable;
  /** Of a head: the digest of each path that it lists, since some are asked for by that. */
  readonly listed: ReadonlyMap<string, string>;
  /** The same digests. */
  readonly digests: ReadonlySet<string>;
  /** Whether indexes have their digest for a second name. */
  readonly byHash: boolean;
}

/** What the lists of one mirror say its files must be. */
export class MirrorProofs {
  readonly #kind: MirrorKind;
  readonly #turns: Turns;
  /** By the path of the list, heads apart. */
  readonly #heads = new Map<string, ReadList>();
  readonly #lists = new Map<string, ReadList>();
  readonly #unreadable = new Map<string, string>();

  /** @param turns shared by all mirrors: unpacking a list takes a processor and up to 150 MB. */
  constructor(kind: MirrorKind, turns: Turns) {
    this.#kind = kind;
    this.#turns = turns;
  }

  /** What the file must be, as far as anything here says it. */
  find(path: string): Proof | undefined {
    if (roleOf(path, this.#kind) === 'named') return proofInName(path);
    for (const { table } of this.#heads.values()) {
      const proof = table.find(path);
      if (proof !== undefined) return proof;
    }
    // Lists that have their digest for a name are here from before, too: a machine may still go by them. What the
    // current ones say counts before that, since a package may be built anew under its old name.
    let before: Proof | undefined;
    for (const [list, { table }] of this.#lists) {
      const proof = table.find(path);
      if (proof !== undefined && this.#isListed(list)) return proof;
      before ??= proof;
    }
    return before;
  }

  isCurrent(sha256: string): boolean {
    return [...this.#heads.values()].some(({ digests }) => digests.has(sha256));
  }

  /** Whether the index is also there under its digest. */
  hasByHash(path: string): boolean {
    return [...this.#heads.values()].some(({ byHash, table }) => byHash && table.find(path) !== undefined);
  }

  /** Lists that could not be read, and why. */
  get unreadable(): ReadonlyMap<string, string> {
    return this.#unreadable;
  }

  /** The path that a file has as a list: its own, or the one that it is another name of. */
  listNameOf(path: string): string {
    const proof = roleOf(path, this.#kind) === 'named' ? proofInName(path) : undefined;
    if (proof === undefined) return path;
    for (const { listed, digests } of this.#heads.values()) {
      if (!digests.has(proof.hex)) continue;
      for (const [known, hex] of listed) if (hex === proof.hex) return known;
    }
    return path;
  }

  /** Where the same list is, packed otherwise, that a head vouches for; what is worth a try stands first. */
  siblingsOf(list: string): readonly string[] {
    const paths = [...this.#heads.values()].flatMap(({ listed }) => [...listed.keys()]);
    return readableSiblings(list, this.#kind, paths);
  }

  /** Takes a list that is in its place, for the one before. */
  put(list: string, read: ReadList): void {
    for (const known of [list, ...this.#othersOf(list, this.#unreadable)]) this.#unreadable.delete(known);
    if (roleOf(list, this.#kind) === 'head') {
      this.#heads.set(list, read);
      return;
    }
    // Set anew, so that the oldest stand first.
    this.#lists.delete(list);
    this.#lists.set(list, read);
    const before = this.#othersOf(list, this.#lists).filter((other) => !this.#isListed(other));
    for (const old of before.slice(0, -LISTS_BEFORE)) this.#lists.delete(old);
  }

  drop(list: string): void {
    this.#heads.delete(list);
    this.#lists.delete(list);
  }

  /** @param file where its bytes are. @returns undefined where it is no list, or cannot be read: then that is noted. */
  async read(list: string, file: string): Promise<ReadList | undefined> {
    const row = proofListOf(list, this.#kind);
    if (row === undefined) {
      if (packageListOf(list) !== undefined)
        this.#notRead(list, 'it is packed in a way that is not read here');
      return undefined;
    }
    // Machines wait for heads, which are small.
    if (roleOf(list, this.#kind) === 'head') return await this.#read(list, file, row);
    return await this.#turns.take(() => this.#read(list, file, row));
  }

  async #read(list: string, file: string, row: ProofList): Promise<ReadList | undefined> {
    const table = new ProofTable();
    const listed = new Map<string, string>();
    const digests = new Set<string>();
    const isHead = roleOf(list, this.#kind) === 'head';
    const reader = row.read((path, proof) => {
      table.add(path, proof);
      if (!isHead) return;
      digests.add(proof.hex);
      // Digests of several kinds may be listed; the table knows which of them counts.
      listed.set(path, table.find(path)?.hex ?? proof.hex);
    });
    const decoder = new TextDecoder();
    let head = '';
    try {
      for await (const piece of unpackList(file, row.packing)) {
        const text = decoder.decode(piece, { stream: true });
        if (head.length < HEAD_TEXT) head += text.slice(0, HEAD_TEXT);
        reader.push(text);
      }
      reader.end();
    } catch (error) {
      this.#notRead(list, error instanceof Error ? error.message : String(error));
      return undefined;
    }
    return { table, listed, digests, byHash: isHead && saysByHash(head) };
  }

  #notRead(list: string, because: string): void {
    for (const old of this.#othersOf(list, this.#unreadable))
      if (!this.#isListed(old)) this.#unreadable.delete(old);
    const isKnown = this.#othersOf(list, this.#lists).some((other) => this.#isListed(other));
    if (!isKnown) this.#unreadable.set(list, because);
  }

  /** The same list of packages in other packings, or as it was before. */
  #othersOf(list: string, among: ReadonlyMap<string, unknown>): readonly string[] {
    const packages = packageListOf(list);
    if (packages === undefined) return [];
    return [...among.keys()].filter((other) => other !== list && packageListOf(other) === packages);
  }

  /** Whether a head vouches for it now. */
  #isListed(path: string): boolean {
    return [...this.#heads.values()].some(({ table }) => table.find(path) !== undefined);
  }
}
