/** Random numbers that are the same for the same seed, so that a run can be repeated: xorshift32 (Marsaglia, 2003). */
export class SeededRandom {
  #state: number;

  /** @param seed any whole number; only its 32 lowest bits count. */
  constructor(seed: number) {
    // Spread, so that neighbouring seeds do not begin alike; zero would stay zero for ever.
    this.#state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) | 1;
    for (let turn = 0; turn < 8; turn += 1) this.uint32();
  }

  /** 1 to 2^32 - 1. */
  uint32(): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state;
    return state >>> 0;
  }

  /** 0 to `below` - 1. */
  below(below: number): number {
    return Math.floor((this.uint32() / 0x1_0000_0000) * below);
  }

  /** True in this share of all calls, from 0 to 1. */
  chance(share: number): boolean {
    return share > 0 && this.uint32() < share * 0x1_0000_0000;
  }

  pick<T>(values: readonly [T, ...T[]]): T;
  pick<T>(values: readonly T[]): T | undefined;
  pick<T>(values: readonly T[]): T | undefined {
    return values[this.below(values.length)];
  }

  /** Bytes of noise. */
  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < bytes.length; at += 1) bytes[at] = this.uint32() >>> 8;
    return bytes;
  }
}
