import type { ByteSource } from '../../lib/byte-source.ts';
import { DecodeError } from '../../lib/decode-error.ts';
import { BoundedCache } from '../../lib/bounded-cache.ts';
import { LittleEndian } from '../../lib/little-endian.ts';
import { addPiece, type Piece, readExactly } from '../../lib/pieces.ts';
import { type FatShape, FIRST_CLUSTER } from './boot-sector.ts';

/** From here on an entry ends its chain; the one before it marks what is damaged. */
const FIRST_END = { 12: 0xff8, 16: 0xfff8, 32: 0x0fff_fff8 } as const;
/** The table is read in such parts. That of FAT12, whose entries are no whole bytes, is always shorter. */
const PART_BYTES = 65_536;
const MAX_PARTS_KEPT = 16;
/** Pieces of all files together. Volumes that firmware boots from have some hundred files, each in one. */
const MAX_PIECES = 131_072;

/**
 * Follows chains of clusters. No cluster is in two chains or twice in one (Linux and Windows would call the volume
 * damaged), so all of them together are followed in as many steps as there are clusters.
 */
export class AllocationTable {
  readonly #volume: ByteSource;
  readonly #shape: FatShape;
  readonly #parts = new BoundedCache<number, LittleEndian>(MAX_PARTS_KEPT, () => 1);
  /** Clusters that are on the volume, which may have been cut off. */
  readonly #clusters: number;
  /** One bit for each of them. */
  readonly #taken: Uint8Array;
  #pieces = 0;

  constructor(volume: ByteSource, shape: FatShape) {
    this.#volume = volume;
    this.#shape = shape;
    const there = Math.ceil((volume.size - shape.dataAt) / shape.clusterBytes);
    this.#clusters = Math.max(0, Math.min(shape.clusters, there));
    this.#taken = new Uint8Array(Math.ceil((this.#clusters + FIRST_CLUSTER) / 8));
  }

  /** Where the bytes of a file are. @throws DecodeError when its chain is shorter, or leads astray. */
  async piecesOfFile(first: number, bytes: number): Promise<readonly Piece[]> {
    const { clusterBytes, clusters } = this.#shape;
    const wanted = Math.ceil(bytes / clusterBytes);
    if (wanted > clusters) throw new DecodeError(`A file of ${bytes} bytes is larger than its volume`, 0);
    const found = await this.#follow(first, wanted);
    if (found.clusters < wanted)
      throw new DecodeError(`A file of ${bytes} bytes has ${found.clusters} clusters of ${clusterBytes}`, 0);
    const last = found.pieces.pop();
    if (last) found.pieces.push({ ...last, length: last.length - (wanted * clusterBytes - bytes) });
    this.#mustBeOnVolume(found.pieces);
    return found.pieces;
  }

  /** Where the entries of a folder are, which does not say how many it has. */
  async piecesOfFolder(first: number, mostBytes: number): Promise<readonly Piece[]> {
    const most = Math.ceil(mostBytes / this.#shape.clusterBytes);
    const { clusters, pieces } = await this.#follow(first, most + 1);
    if (clusters === 0) throw new DecodeError(`A folder begins at the cluster ${first}, which is none`, 0);
    if (clusters > most) throw new DecodeError(`A folder takes more than ${mostBytes} bytes`, 0);
    this.#mustBeOnVolume(pieces);
    return pieces;
  }

  /** Up to the end of the chain, or to that many clusters. */
  async #follow(
    first: number,
    most: number,
  ): Promise<{ readonly clusters: number; readonly pieces: Piece[] }> {
    const { kind, clusterBytes, dataAt } = this.#shape;
    const pieces: Piece[] = [];
    let clusters = 0;
    for (let cluster = first; clusters < most && cluster < FIRST_END[kind]; clusters += 1) {
      this.#take(cluster);
      addPiece(pieces, { offset: dataAt + (cluster - FIRST_CLUSTER) * clusterBytes, length: clusterBytes });
      cluster = this.#known(cluster) ?? (await this.#read(cluster));
    }
    this.#pieces += pieces.length;
    if (this.#pieces > MAX_PIECES)
      throw new DecodeError(`The files of a volume are in more than ${MAX_PIECES} pieces`, 0);
    return { clusters, pieces };
  }

  #take(cluster: number): void {
    if (cluster < FIRST_CLUSTER || cluster >= this.#shape.clusters + FIRST_CLUSTER)
      throw new DecodeError(`A chain leads to the cluster ${cluster}, which is none`, 0);
    if (cluster >= this.#clusters + FIRST_CLUSTER)
      throw new DecodeError('A chain goes on behind the end of the volume', this.#volume.size);
    const [at, bit] = [cluster >> 3, 1 << (cluster & 7)];
    if ((this.#taken[at] ?? 0) & bit)
      throw new DecodeError(`The cluster ${cluster} is in a chain already`, 0);
    this.#taken[at] = (this.#taken[at] ?? 0) | bit;
  }

  #mustBeOnVolume(pieces: readonly Piece[]): void {
    for (const { offset = 0, length } of pieces)
      if (offset + length > this.#volume.size)
        throw new DecodeError('A chain goes on behind the end of the volume', this.#volume.size);
  }

  /** The entry of a cluster; undefined when its part of the table must be read first. */
  #known(cluster: number): number | undefined {
    const at = this.#placeOf(cluster);
    const part = this.#parts.get(Math.floor(at / PART_BYTES));
    return part && this.#entryIn(part, cluster, at % PART_BYTES);
  }

  async #read(cluster: number): Promise<number> {
    const { tableAt, tableBytes } = this.#shape;
    const at = this.#placeOf(cluster);
    const index = Math.floor(at / PART_BYTES);
    const offset = tableAt + index * PART_BYTES;
    const length = Math.min(PART_BYTES, tableBytes - index * PART_BYTES);
    const part = new LittleEndian(await readExactly(this.#volume, offset, length), offset);
    this.#parts.set(index, part);
    return this.#entryIn(part, cluster, at % PART_BYTES);
  }

  #placeOf(cluster: number): number {
    return Math.floor((cluster * this.#shape.kind) / 8);
  }

  #entryIn(part: LittleEndian, cluster: number, at: number): number {
    switch (this.#shape.kind) {
      case 12:
        // Two entries share three bytes.
        return cluster % 2 === 0 ? part.uint16(at) & 0xfff : part.uint16(at) >> 4;
      case 16:
        return part.uint16(at);
      case 32:
        // The uppermost four bits are kept for others.
        return part.uint32(at) & 0x0fff_ffff;
      default:
        return this.#shape.kind satisfies never;
    }
  }
}
