/** What a number leads to; from 0 on, since `NOTHING` marks a free place. */
type Row = number;
const NOTHING = -1;
const FIRST_PLACES = 16;

/**
 * Rows by a whole number of 32 bits, in two plain arrays: there may be a million of them.
 */
export class NumberMap {
  readonly #salt: number;
  /** A number lies at the place its bits say, or at the first behind it that was free (linear probing). */
  #keys = new Int32Array(FIRST_PLACES);
  #rows = new Int32Array(FIRST_PLACES).fill(NOTHING);
  #size = 0;

  /** @param salt what those who choose the numbers do not know, so that they cannot choose such as lie in each other's way. */
  constructor(salt: number) {
    this.#salt = salt;
  }

  get size(): number {
    return this.#size;
  }

  get(key: number): Row | undefined {
    const row = this.#rows[this.#placeOf(key | 0)] ?? NOTHING;
    return row === NOTHING ? undefined : row;
  }

  has(key: number): boolean {
    return this.get(key) !== undefined;
  }

  set(key: number, row: Row): void {
    // Half of the places stay free: with fewer, those who come late would lie far from their own.
    if ((this.#size + 1) * 2 > this.#rows.length) this.#grow();
    const place = this.#placeOf(key | 0);
    if (this.#rows[place] === NOTHING) this.#size += 1;
    this.#keys[place] = key;
    this.#rows[place] = row;
  }

  delete(key: number): void {
    let hole = this.#placeOf(key | 0);
    if (this.#rows[hole] === NOTHING) return;
    this.#size -= 1;
    const mask = this.#rows.length - 1;
    // Whoever lies behind the hole, and came there over it, moves into it: no search may end at a hole too early.
    for (let at = (hole + 1) & mask; this.#rows[at] !== NOTHING; at = (at + 1) & mask) {
      const moved = this.#keys[at] ?? 0;
      if (((at - this.#homeOf(moved)) & mask) < ((at - hole) & mask)) continue;
      this.#keys[hole] = moved;
      this.#rows[hole] = this.#rows[at] ?? NOTHING;
      hole = at;
    }
    this.#rows[hole] = NOTHING;
  }

  /** In no order. */
  *values(): Iterable<Row> {
    for (const row of this.#rows) if (row !== NOTHING) yield row;
  }

  /** Where the key is, or would be put. */
  #placeOf(key: number): number {
    const mask = this.#rows.length - 1;
    let place = this.#homeOf(key);
    while (this.#rows[place] !== NOTHING && this.#keys[place] !== key) place = (place + 1) & mask;
    return place;
  }

  /** All bits of the key move all bits of its place (the end of MurmurHash3). */
  #homeOf(key: number): number {
    let bits = key ^ this.#salt;
    bits = Math.imul(bits ^ (bits >>> 16), 0x85eb_ca6b);
    bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2_ae35);
    return (bits ^ (bits >>> 16)) & (this.#rows.length - 1);
  }

  #grow(): void {
    const [keys, rows] = [this.#keys, this.#rows];
    this.#keys = new Int32Array(keys.length * 2);
    this.#rows = new Int32Array(keys.length * 2).fill(NOTHING);
    for (let at = 0; at < rows.length; at += 1) {
      const row = rows[at] ?? NOTHING;
      if (row === NOTHING) continue;
      const key = keys[at] ?? 0;
      const place = this.#placeOf(key);
      this.#keys[place] = key;
      this.#rows[place] = row;
    }
  }
}
