import { type LeaseColumns, NONE } from './lease-columns.ts';

/** Rows in the order in which they were added; any of them is taken out in one step. A row is in one list at most. */
export class RowList {
  readonly #columns: LeaseColumns;
  #first = NONE;
  #last = NONE;
  #size = 0;

  constructor(columns: LeaseColumns) {
    this.#columns = columns;
  }

  get size(): number {
    return this.#size;
  }

  get first(): number | undefined {
    return this.#first === NONE ? undefined : this.#first;
  }

  push(row: number): void {
    const { previous, next } = this.#columns;
    previous[row] = this.#last;
    next[row] = NONE;
    if (this.#last === NONE) this.#first = row;
    else next[this.#last] = row;
    this.#last = row;
    this.#size += 1;
  }

  remove(row: number): void {
    const { previous, next } = this.#columns;
    const before = previous[row] ?? NONE;
    const after = next[row] ?? NONE;
    if (before === NONE) this.#first = after;
    else next[before] = after;
    if (after === NONE) this.#last = before;
    else previous[after] = before;
    this.#size -= 1;
  }
}
