import type { ForeignCalls } from './foreign-calls.ts';

const OFFSET_BYTES = 8;
const HALF = 2 ** 32;
const IS_LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
const [LOW, HIGH] = IS_LITTLE_ENDIAN ? ([0, 1] as const) : ([1, 0] as const);

/** A place in a file as C takes it by its address (loff_t), for one call at a time. */
export class FileOffset {
  readonly #address: number;
  readonly #words: Uint32Array;

  constructor(calls: Pick<ForeignCalls, 'allocate'>) {
    const { address, buffer } = calls.allocate(OFFSET_BYTES);
    this.#address = address;
    this.#words = new Uint32Array(buffer);
  }

  /** @returns the address. */
  set(at: number): number {
    this.#words[LOW] = at % HALF;
    this.#words[HIGH] = Math.floor(at / HALF);
    return this.#address;
  }
}
