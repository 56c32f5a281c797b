import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import * as zlib from 'node:zlib';
import { proofInName, roleOf } from '../core/mirrors/file-role.ts';
import type { MirrorKind } from '../core/mirrors/mirror.ts';
import type { Proof } from '../core/mirrors/proof.ts';
import { isPackageList, type Packing, proofListOf, readableSiblings } from '../core/mirrors/proof-lists.ts';
import { ProofTable } from '../core/mirrors/proof-table.ts';
import { saysByHash } from '../core/mirrors/release-list.ts';

/** Characters of one list, unpacked: what Debian lists of one architecture has 50 million. */
const MAX_LIST_TEXT = 1_000_000_000;
/** The field that says it stands above the lists. */
const HEAD_TEXT = 4096;

/** What one list says. */
export interface ReadList {
  readonly table: ProofTable;
  /** Of a head: the path of each index of packages by its digest, since some are asked for by that. */
  readonly indexes: ReadonlyMap<string, string>;
  /** Digests of all that a head lists. */
  readonly digests: ReadonlySet<string>;
  /** Whether indexes have their digest for a second name. */
  readonly byHash: boolean;
}

/** What the lists of one mirror say its files must be. */
export class MirrorProofs {
  readonly #kind: MirrorKind;
  /** By the path of the list, heads apart. */
  readonly #heads = new Map<string, ReadList>();
  readonly #lists = new Map<string, ReadList>();
  readonly #unreadable = new Map<string, string>();

  constructor(kind: MirrorKind) {
    this.#kind = kind;
  }

  /** What the file must be, as far as anything here says it. */
  find(path: string): Proof | undefined {
    if (roleOf(path, this.#kind) === 'named') return proofInName(path);
    for (const lists of [this.#heads, this.#lists]) {
      for (const { table } of lists.values()) {
        const proof = table.find(path);
        if (proof !== undefined) return proof;
      }
    }
    return undefined;
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
    for (const { indexes } of this.#heads.values()) {
      const known = indexes.get(proof.hex);
      if (known !== undefined) return known;
    }
    return path;
  }

  /** Whether a list can be read as it is. */
  canRead(list: string): boolean {
    const row = proofListOf(list, this.#kind);
    return row !== undefined && unpackers[row.packing] !== undefined;
  }

  /** Where the same list is that can be read, when this one cannot; undefined where there is none, or it is read already. */
  readableInstead(list: string): string | undefined {
    if (!isPackageList(list) || this.canRead(list)) return undefined;
    const listed = readableSiblings(list).find((path) => this.canRead(path) && this.find(path) !== undefined);
    if (listed === undefined) this.#unreadable.set(list, 'it is packed in a way that is not read here');
    return listed;
  }

  /** Takes a list that is in its place, for the one before. */
  put(list: string, read: ReadList): void {
    this.#unreadable.delete(list);
    (roleOf(list, this.#kind) === 'head' ? this.#heads : this.#lists).set(list, read);
  }

  drop(list: string): void {
    this.#heads.delete(list);
    this.#lists.delete(list);
  }

  /** @param file where its bytes are. @returns undefined where it is no list, or cannot be read. */
  async read(list: string, file: string): Promise<ReadList | undefined> {
    const row = proofListOf(list, this.#kind);
    const unpack = row && unpackers[row.packing];
    if (row === undefined || unpack === undefined) return undefined;
    const table = new ProofTable();
    const indexes = new Map<string, string>();
    const digests = new Set<string>();
    const isHead = roleOf(list, this.#kind) === 'head';
    const reader = row.read((path, proof) => {
      table.add(path, proof);
      if (!isHead) return;
      digests.add(proof.hex);
      if (readableSiblings(path).length > 0) indexes.set(proof.hex, path);
    });
    let head = '';
    try {
      await eachText(unpack(createReadStream(file)), (text) => {
        if (head.length < HEAD_TEXT) head += text.slice(0, HEAD_TEXT);
        reader.push(text);
      });
      reader.end();
    } catch (error) {
      this.#unreadable.set(list, error instanceof Error ? error.message : String(error));
      return undefined;
    }
    return { table, indexes, digests, byHash: isHead && saysByHash(head) };
  }
}

/** In pieces, between which others have their turn. */
async function eachText(stream: Readable, take: (text: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  let read = 0;
  for await (const piece of stream) {
    const text = decoder.decode(piece as Uint8Array, { stream: true });
    read += text.length;
    if (read > MAX_LIST_TEXT) throw new RangeError(`It has more than ${MAX_LIST_TEXT} characters`);
    take(text);
  }
}

type Unpack = (from: Readable) => Readable;

/** By what this Node has: zstd came with 22.15. */
const unpackers: Readonly<Record<Packing, Unpack | undefined>> = {
  plain: (from) => from,
  gzip: (from) => passing(from, zlib.createGunzip()),
  zstd: zstdUnpacker(),
};

function zstdUnpacker(): Unpack | undefined {
  const create: unknown = 'createZstdDecompress' in zlib ? zlib.createZstdDecompress : undefined;
  if (typeof create !== 'function') return undefined;
  return (from) => passing(from, create() as ReturnType<typeof zlib.createGunzip>);
}

/** `pipe` alone would leave the reader waiting when the file cannot be read. */
function passing(from: Readable, through: ReturnType<typeof zlib.createGunzip>): Readable {
  from.on('error', (error) => through.destroy(error));
  through.on('close', () => from.destroy());
  return from.pipe(through);
}
