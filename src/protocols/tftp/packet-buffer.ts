import type { ByteSource } from '../../lib/byte-source.ts';
import { emptyDataPacket, layDataPackets } from './packet.ts';

/** Bytes read from a source at once, unless a window is larger. */
export const CHUNK_BYTES = 64 * 1024;
/** And packets laid out from it: with tiny blocks their bookkeeping would need far more memory than their bytes. */
const CHUNK_BLOCKS = 256;

/**
 * The DATA packets around the window of one transfer, read in chunks far larger than a block. Two chunks are
 * kept, the one that is sent and the next; a chunk holds at least a whole window, so a roll-back finds all its blocks.
 */
export class PacketBuffer {
  readonly #source: ByteSource;
  readonly #blockBytes: number;
  readonly #chunkBlocks: number;
  readonly #lastBlock: number;
  readonly #chunks = new Map<number, readonly Uint8Array[]>();
  readonly #reading = new Map<number, Promise<void>>();

  constructor(
    source: ByteSource,
    { blockBytes, windowBlocks }: { blockBytes: number; windowBlocks: number },
  ) {
    this.#source = source;
    this.#blockBytes = blockBytes;
    this.#chunkBlocks = Math.max(
      windowBlocks,
      Math.min(CHUNK_BLOCKS, Math.floor(CHUNK_BYTES / blockBytes)),
      1,
    );
    this.#lastBlock = Math.floor(source.size / blockBytes) + 1;
  }

  /** The packet of this block, counted from 1, or undefined when it must be loaded first. */
  packet(block: number): Uint8Array | undefined {
    const index = this.#chunkOf(block);
    return this.#chunks.get(index)?.[block - 1 - index * this.#chunkBlocks];
  }

  /** Makes blocks `from` to `to` (at most a window) ready and forgets the chunks before them. Rejects when the source does. */
  async load(from: number, to: number): Promise<void> {
    const first = this.#chunkOf(from);
    for (const index of this.#chunks.keys()) if (index < first) this.#chunks.delete(index);
    await Promise.all([this.#loadChunk(first), this.#loadChunk(this.#chunkOf(to))]);
  }

  /** Begins to read the chunk behind the one of this block, so that sending need not wait for it. */
  readAhead(block: number): void {
    const next = this.#chunkOf(block) + 1;
    if (next > this.#chunkOf(this.#lastBlock) || this.#chunks.has(next)) return;
    for (const index of this.#chunks.keys()) if (index < next - 1) this.#chunks.delete(index);
    // An error is met again, and then told, when the chunk is needed.
    this.#loadChunk(next).catch(() => undefined);
  }

  /** Gives the source back once nothing reads from it any more. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#reading.values());
    this.#chunks.clear();
    await this.#source.close();
  }

  #chunkOf(block: number): number {
    return Math.floor((block - 1) / this.#chunkBlocks);
  }

  #loadChunk(index: number): Promise<void> {
    if (this.#chunks.has(index)) return Promise.resolve();
    const underWay = this.#reading.get(index);
    if (underWay) return underWay;
    const reading = this.#readChunk(index).finally(() => this.#reading.delete(index));
    this.#reading.set(index, reading);
    return reading;
  }

  async #readChunk(index: number): Promise<void> {
    const firstBlock = index * this.#chunkBlocks + 1;
    const offset = (firstBlock - 1) * this.#blockBytes;
    const wanted = Math.min(this.#chunkBlocks * this.#blockBytes, this.#source.size - offset);
    const bytes = wanted === 0 ? new Uint8Array(0) : await this.#source.read(offset, wanted);
    if (bytes.length !== wanted) {
      throw new Error(
        `The file became shorter: ${bytes.length} of ${wanted} bytes could be read at ${offset}`,
      );
    }
    const packets = layDataPackets(firstBlock, bytes, this.#blockBytes);
    const endsHere = this.#chunkOf(this.#lastBlock) === index;
    if (endsHere && this.#source.size % this.#blockBytes === 0)
      packets.push(emptyDataPacket(this.#lastBlock));
    this.#chunks.set(index, packets);
  }
}
