import type { LeaseColumns } from './lease-columns.ts';
import { macKeyNumber, NO_MAC_KEY } from './mac-key.ts';
import { NumberMap } from './number-map.ts';

/**
 * Rows by a text they have, the best of each (by `LeaseColumns.compare`) first. Most texts have one row, and most are
 * the key of a client that is its MAC address: those are found by its number, and no text is kept for them.
 */
export class RowIndex {
  readonly #columns: LeaseColumns;
  /** The only row of a MAC key, by `slotOf` its number. */
  readonly #byMacKey: NumberMap;
  /** Of all other texts, and of MAC keys that have several rows, or whose slot another has. */
  readonly #byText = new Map<string, number | number[]>();

  /** @param salt what clients do not know: as `NumberMap` takes it. */
  constructor(columns: LeaseColumns, salt: number) {
    this.#columns = columns;
    this.#byMacKey = new NumberMap(salt);
  }

  first(key: string): number | undefined {
    const found = this.#inText(key) ?? this.#onlyRow(macKeyNumber(key));
    return typeof found === 'object' ? found[0] : found;
  }

  of(key: string): readonly number[] {
    const found = this.#inText(key) ?? this.#onlyRow(macKeyNumber(key));
    if (found === undefined) return [];
    return typeof found === 'object' ? found : [found];
  }

  /** Once the row is written. Before it changes, what it is found by is taken out with `remove`. */
  add(key: string, row: number): void {
    const found = this.#inText(key);
    if (found === undefined) return this.#addFirst(key, row);
    const rows = typeof found === 'object' ? found : [found];
    const at = rows.findIndex((other) => this.#columns.compare(row, other) < 0);
    rows.splice(at === -1 ? rows.length : at, 0, row);
    this.#byText.set(key, rows);
  }

  remove(key: string, row: number): void {
    const found = this.#inText(key);
    if (found === undefined) {
      const number = macKeyNumber(key);
      if (this.#onlyRow(number) === row) this.#byMacKey.delete(slotOf(number));
      return;
    }
    if (typeof found !== 'object') {
      if (found === row) this.#byText.delete(key);
      return;
    }
    const at = found.indexOf(row);
    if (at !== -1) found.splice(at, 1);
    if (found.length === 1) this.#byText.set(key, found[0] ?? row);
  }

  *all(): Iterable<number> {
    yield* this.#byMacKey.values();
    for (const found of this.#byText.values()) {
      if (typeof found === 'object') yield* found;
      else yield found;
    }
  }

  /** The text is only hashed where there is any. */
  #inText(key: string): number | number[] | undefined {
    return this.#byText.size === 0 ? undefined : this.#byText.get(key);
  }

  #addFirst(key: string, row: number): void {
    const number = macKeyNumber(key);
    if (number === NO_MAC_KEY) return void this.#byText.set(key, row);
    const slot = slotOf(number);
    const other = this.#byMacKey.get(slot);
    if (other === undefined) return this.#byMacKey.set(slot, row);
    if (this.#columns.keyNumber[other] !== number) return void this.#byText.set(key, row);
    this.#byMacKey.delete(slot);
    this.#byText.set(key, other);
    this.add(key, row);
  }

  #onlyRow(number: number): number | undefined {
    if (number === NO_MAC_KEY) return undefined;
    const row = this.#byMacKey.get(slotOf(number));
    return row !== undefined && this.#columns.keyNumber[row] === number ? row : undefined;
  }
}

/** Its 48 bits as 32. Few MAC addresses of one network share them. */
function slotOf(number: number): number {
  const high = Math.floor(number / 2 ** 32);
  return number ^ Math.imul(high, SPREAD);
}

/** 2^32 divided by the golden ratio (Knuth, TAOCP 3, §6.4). */
const SPREAD = 0x9e37_79b1;
