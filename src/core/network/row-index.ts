import type { LeaseColumns } from './lease-columns.ts';

/** Rows by a text they have, the best of each (by `LeaseColumns.compare`) first. Most texts have one row. */
export class RowIndex {
  readonly #columns: LeaseColumns;
  readonly #rows = new Map<string, number | number[]>();

  constructor(columns: LeaseColumns) {
    this.#columns = columns;
  }

  first(key: string): number | undefined {
    const found = this.#rows.get(key);
    return typeof found === 'object' ? found[0] : found;
  }

  of(key: string): readonly number[] {
    const found = this.#rows.get(key);
    if (found === undefined) return [];
    return typeof found === 'object' ? found : [found];
  }

  /** Before the row changes, what it is found by is taken out with `remove`. */
  add(key: string, row: number): void {
    const found = this.#rows.get(key);
    if (found === undefined) {
      this.#rows.set(key, row);
      return;
    }
    const rows = typeof found === 'object' ? found : [found];
    const at = rows.findIndex((other) => this.#columns.compare(row, other) < 0);
    rows.splice(at === -1 ? rows.length : at, 0, row);
    this.#rows.set(key, rows);
  }

  remove(key: string, row: number): void {
    const found = this.#rows.get(key);
    if (typeof found !== 'object') {
      if (found === row) this.#rows.delete(key);
      return;
    }
    const at = found.indexOf(row);
    if (at !== -1) found.splice(at, 1);
    if (found.length === 1) this.#rows.set(key, found[0] ?? row);
  }

  *all(): Iterable<number> {
    for (const found of this.#rows.values()) {
      if (typeof found === 'object') yield* found;
      else yield found;
    }
  }
}
