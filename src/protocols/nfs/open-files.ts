import type { ByteSource } from '../../lib/byte-source.ts';
import type { Place } from './exports.ts';
import { type LentMemory, ReadMemory } from './read-memory.ts';

/**
 * Files that are being read stay open for a while, so that a READ, which knows of no opening, costs one read. It is handed
 * the time.
 */

export interface OpenFileLimits {
  /** Files that stay open between two reads. */
  readonly files: number;
  /** How long one stays open without being read. */
  readonly idleMs: number;
  /** One that is read all the time is opened anew after this, so that a file that was replaced is noticed. */
  readonly oldMs: number;
}

export const OPEN_FILE_LIMITS: OpenFileLimits = { files: 256, idleMs: 10_000, oldMs: 60_000 };

export interface OpenFilesOptions {
  /** Hears of files that could not be closed. */
  readonly failed: (error: unknown) => void;
  readonly limits?: OpenFileLimits;
}

interface OpenFile {
  readonly place: Place;
  readonly source: Promise<ByteSource>;
  readonly openedMs: number;
  readMs: number;
  readers: number;
}

export class OpenFiles {
  readonly #limits: OpenFileLimits;
  readonly #failed: (error: unknown) => void;
  readonly #memory = new ReadMemory();
  /** By export and node, in the order in which they were last read. */
  readonly #files = new Map<string, OpenFile>();

  constructor({ failed, limits = OPEN_FILE_LIMITS }: OpenFilesOptions) {
    this.#failed = failed;
    this.#limits = limits;
  }

  get size(): number {
    return this.#files.size;
  }

  /** The place of a file that is open, which saves looking for it. */
  placeOf(exportNumber: number, nodeId: number, nowMs: number): Place | undefined {
    const file = this.#files.get(keyOf(exportNumber, nodeId));
    return file && !this.#isOver(file, nowMs) ? file.place : undefined;
  }

  /** Rejects when they can no longer be read, or are fewer. */
  async read(place: Place, offset: number, length: number, nowMs: number): Promise<LentMemory> {
    const key = keyOf(place.export.number, place.node.id);
    const file = this.#take(key, place, nowMs);
    try {
      return await this.#readFrom(await file.source, offset, length);
    } catch (error) {
      // The next one shall try to open it anew.
      if (this.#files.get(key) === file) this.#files.delete(key);
      throw error;
    } finally {
      file.readers -= 1;
      if (this.#files.get(key) !== file && file.readers === 0) this.#close(file);
    }
  }

  /** Closes what was not read for long. To be called now and then. */
  tidy(nowMs: number): void {
    for (const [key, file] of this.#files) if (this.#isOver(file, nowMs)) this.#drop(key, file);
  }

  closeAll(): void {
    this.#memory.clear();
    for (const [key, file] of this.#files) this.#drop(key, file);
  }

  async #readFrom(source: ByteSource, offset: number, length: number): Promise<LentMemory> {
    if (source.readInto === undefined) {
      const bytes = await source.read(offset, length);
      if (bytes.length !== length) throw endsEarly(offset + bytes.length, offset + length);
      return { bytes, giveBack: () => undefined };
    }
    const lent = this.#memory.lend(length);
    let filled = 0;
    while (filled < length) {
      const count = await source.readInto(offset + filled, lent.bytes.subarray(filled));
      if (count === 0) throw endsEarly(offset + filled, offset + length);
      filled += count;
    }
    return lent;
  }

  #take(key: string, place: Place, nowMs: number): OpenFile {
    let file = this.#files.get(key);
    if (file && this.#isOver(file, nowMs)) {
      this.#drop(key, file);
      file = undefined;
    }
    file ??= {
      place,
      source: place.export.tree.open(place.node),
      openedMs: nowMs,
      readMs: nowMs,
      readers: 0,
    };
    file.readMs = nowMs;
    file.readers += 1;
    this.#files.delete(key);
    this.#files.set(key, file);
    if (this.#files.size > this.#limits.files) {
      const [oldest] = this.#files;
      if (oldest !== undefined) this.#drop(...oldest);
    }
    return file;
  }

  #isOver({ readMs, openedMs, readers }: OpenFile, nowMs: number): boolean {
    const { idleMs, oldMs } = this.#limits;
    return nowMs - openedMs >= oldMs || (readers === 0 && nowMs - readMs >= idleMs);
  }

  /** Whoever reads it still may end that; the last one closes it. */
  #drop(key: string, file: OpenFile): void {
    this.#files.delete(key);
    if (file.readers === 0) this.#close(file);
  }

  #close(file: OpenFile): void {
    file.source.then(
      (source) => source.close().catch(this.#failed),
      () => undefined, // whoever wanted to read it was told
    );
  }
}

function endsEarly(endsAt: number, wanted: number): RangeError {
  return new RangeError(`A file ends at byte ${endsAt}, where it should have ${wanted}`);
}

function keyOf(exportNumber: number, nodeId: number): string {
  return `${exportNumber}/${nodeId}`;
}
