/**
 * Memory that file contents are read into, used again when the system has taken them: memory of this size that is
 * thrown away after each READ cost more of the processor than all the rest of it.
 */

/** Smaller ones are cheap to throw away. */
const SMALLEST_BYTES = 64 * 1024;
/**
 * Where in its memory a file begins: large memory lies 16 bytes behind a page of the system, and with these more at the next
 * one. Processors of AMD copy three times slower to a place that lies a few bytes behind its source within a page.
 */
const PAGE_BYTES = 4096;
const AT_NEXT_PAGE = PAGE_BYTES - 16;
/** What is kept for the next READ; more is lent and then thrown away. */
const MOST_KEPT_BYTES = 32 * 1024 * 1024;

export interface LentMemory {
  readonly bytes: Uint8Array;
  /** Nobody looks at it any more. To be called once; where it is not, the memory is thrown away. */
  readonly giveBack: () => void;
}

export class ReadMemory {
  /** By their size, which is a power of two. */
  readonly #free = new Map<number, Uint8Array[]>();
  #keptBytes = 0;

  get keptBytes(): number {
    return this.#keptBytes;
  }

  /** That many bytes, whatever is in them. */
  lend(length: number): LentMemory {
    if (length < SMALLEST_BYTES) return { bytes: new Uint8Array(length), giveBack: () => undefined };
    const size = 2 ** Math.ceil(Math.log2(length));
    const known = this.#free.get(size)?.pop();
    if (known) this.#keptBytes -= size;
    const whole = known ?? new Uint8Array(size + PAGE_BYTES);
    const bytes = whole.subarray(AT_NEXT_PAGE, AT_NEXT_PAGE + length);
    return { bytes, giveBack: () => this.#keep(whole, size) };
  }

  /** What is kept is thrown away. */
  clear(): void {
    this.#free.clear();
    this.#keptBytes = 0;
  }

  #keep(whole: Uint8Array, size: number): void {
    if (this.#keptBytes + size > MOST_KEPT_BYTES) return;
    this.#keptBytes += size;
    const free = this.#free.get(size);
    if (free) free.push(whole);
    else this.#free.set(size, [whole]);
  }
}
