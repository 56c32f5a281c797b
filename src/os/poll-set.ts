import { type Libc, type NativeMemory, POLLFD_BYTES } from './libc.ts';

const POLLIN = 0x1;
const POLLOUT = 0x4;

/** The descriptors that one thread waits for (poll(2)). */
export class PollSet {
  readonly #libc: Libc;
  readonly #memory: NativeMemory;
  readonly #words: Int32Array;
  readonly #shorts: Int16Array;
  readonly #most: number;
  #count = 0;

  constructor(libc: Libc, most: number) {
    this.#libc = libc;
    this.#most = most;
    this.#memory = libc.allocate(most * POLLFD_BYTES);
    this.#words = new Int32Array(this.#memory.buffer);
    this.#shorts = new Int16Array(this.#memory.buffer);
  }

  /** How many are waited for. Those behind are left out. */
  set count(count: number) {
    if (count > this.#most) throw new RangeError(`${count} descriptors are too many: ${this.#most} at most`);
    this.#count = count;
  }

  set(index: number, fd: number, wanted: 'read' | 'write'): void {
    if (index >= this.#most)
      throw new RangeError(`${index + 1} descriptors are too many: ${this.#most} at most`);
    this.#words[index * 2] = fd;
    this.#shorts[index * 4 + 2] = wanted === 'read' ? POLLIN : POLLOUT;
    this.#count = Math.max(this.#count, index + 1);
  }

  /** @param timeoutMs whole milliseconds. @returns how many are ready; 0 when the time is up. */
  wait(timeoutMs: number): number {
    return this.#libc.poll(this.#memory, this.#count, timeoutMs);
  }

  /** An error of the descriptor counts: whoever reads it next hears of it. */
  isReady(index: number): boolean {
    return this.#shorts[index * 4 + 3] !== 0;
  }

  free(): void {
    this.#memory.free();
  }
}
