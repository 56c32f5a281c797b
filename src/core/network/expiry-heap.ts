import { type LeaseColumns, NONE } from './lease-columns.ts';

/** Rows of which the one that ends first is always at hand (a binary heap); any of them is taken out in log(n) steps. */
export class ExpiryHeap {
  readonly #columns: LeaseColumns;
  readonly #rows: number[] = [];

  constructor(columns: LeaseColumns) {
    this.#columns = columns;
  }

  get size(): number {
    return this.#rows.length;
  }

  /** The row that ends first. */
  get first(): number | undefined {
    return this.#rows[0];
  }

  push(row: number): void {
    this.#rows.push(row);
    this.#rise(this.#rows.length - 1, row);
  }

  remove(row: number): void {
    const at = this.#columns.heapAt[row] ?? NONE;
    const last = this.#rows.pop();
    this.#columns.heapAt[row] = NONE;
    if (last === undefined || last === row) return;
    this.#put(at, last);
    this.#sink(at, last);
    this.#rise(this.#columns.heapAt[last] ?? at, last);
  }

  #rise(from: number, row: number): void {
    let at = from;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const other = this.#rows[above] ?? NONE;
      if (this.#end(other) <= this.#end(row)) break;
      this.#put(at, other);
      at = above;
    }
    this.#put(at, row);
  }

  #sink(from: number, row: number): void {
    let at = from;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= this.#rows.length) break;
      if (below + 1 < this.#rows.length && this.#endAt(below + 1) < this.#endAt(below)) below += 1;
      const other = this.#rows[below] ?? NONE;
      if (this.#end(other) >= this.#end(row)) break;
      this.#put(at, other);
      at = below;
    }
    this.#put(at, row);
  }

  #put(at: number, row: number): void {
    this.#rows[at] = row;
    this.#columns.heapAt[row] = at;
  }

  #endAt(at: number): number {
    return this.#end(this.#rows[at] ?? NONE);
  }

  #end(row: number): number {
    return this.#columns.expiresAtMs[row] ?? Number.POSITIVE_INFINITY;
  }
}
