import type { SubnetIndex } from './subnet-index.ts';
import { isForAnybody } from './subnet-index.ts';

/** Addresses handed out before and not leased since that are looked at for one client at most. */
const MAX_LOOKS = 256;
/** Addresses looked at for those ahead; where more are on record, they are found when the cursor has come closer. */
const MAX_LOOKS_AHEAD = 4096;

/**
 * The addresses of a subnet that nobody ever had, each given in one step on average: a cursor goes over the ranges
 * once. What it passed and was not leased (an offer nobody took) comes again, the one that was given longest ago first.
 */
export class FreshAddresses {
  readonly #index: SubnetIndex;
  #range = 0;
  #next: number;
  #handed: number[] = [];
  #oldest = 0;

  constructor(index: SubnetIndex) {
    this.#index = index;
    this.#next = index.ranges[0]?.first ?? 0;
  }

  /**
   * @param isOnRecord whether somebody has or had it: then it is not given any more.
   * @param isOpen whether it can be had just now.
   */
  take(isOnRecord: (address: number) => boolean, isOpen: (address: number) => boolean): number | undefined {
    return this.#again(isOnRecord, isOpen) ?? this.#forward(isOnRecord, isOpen);
  }

  #again(isOnRecord: (address: number) => boolean, isOpen: (address: number) => boolean): number | undefined {
    for (let looks = Math.min(MAX_LOOKS, this.#handed.length - this.#oldest); looks > 0; ) {
      const address = this.#handed[this.#oldest];
      if (address === undefined) return undefined;
      const open = isOpen(address);
      // Given in this order, so those behind it are still kept for others as well; but at the end it must be looked.
      if (!open && !isOnRecord(address) && !this.#isAtEnd()) return undefined;
      this.#oldest += 1;
      this.#compact();
      if (isOnRecord(address)) continue;
      this.#handed.push(address);
      if (open) return address;
      looks -= 1;
    }
    return undefined;
  }

  #forward(
    isOnRecord: (address: number) => boolean,
    isOpen: (address: number) => boolean,
  ): number | undefined {
    for (let address = this.#step(); address !== undefined; address = this.#step()) {
      if (isOnRecord(address) || !isForAnybody(this.#index, address)) continue;
      this.#handed.push(address);
      if (isOpen(address)) return address;
    }
    return undefined;
  }

  /** The next addresses, as they will be given: those that were not even offered since the start. */
  ahead(count: number, isOnRecord: (address: number) => boolean): readonly number[] {
    const found: number[] = [];
    let looks = 0;
    for (let range = this.#range; range < this.#index.ranges.length; range += 1) {
      const { first = 0, last = -1 } = this.#index.ranges[range] ?? {};
      for (let address = range === this.#range ? this.#next : first; address <= last; address += 1) {
        looks += 1;
        if (found.length >= count || looks > MAX_LOOKS_AHEAD) return found;
        if (!isOnRecord(address) && isForAnybody(this.#index, address)) found.push(address);
      }
    }
    return found;
  }

  #isAtEnd(): boolean {
    return this.#range >= this.#index.ranges.length;
  }

  /** The next address of the ranges, in their order. */
  #step(): number | undefined {
    const range = this.#index.ranges[this.#range];
    if (!range) return undefined;
    const address = this.#next;
    if (address < range.last) this.#next = address + 1;
    else {
      this.#range += 1;
      this.#next = this.#index.ranges[this.#range]?.first ?? 0;
    }
    return address;
  }

  #compact(): void {
    if (this.#oldest * 2 <= this.#handed.length) return;
    this.#handed = this.#handed.slice(this.#oldest);
    this.#oldest = 0;
  }
}
