import { KEPT_HEX, PROOF_ALGORITHMS, type Proof } from './proof.ts';

/** Files that one index may list; main of Debian has 65,000 for one architecture. */
export const MAX_LISTED = 1_000_000;

const DIGEST_BYTES = KEPT_HEX / 2;
const FIRST_ROOM = 1024;
/** Slots are tried one after another, so a third of them stays empty. */
const SLOTS_PER_FILE = 1.5;

/**
 * What an index says of each file, in some 60 bytes a file: paths are not kept, but a number of 53 bits made of each.
 * Two paths with one number are one in 20,000 tables as large as can be, and then one file counts as wrong.
 */
export class ProofTable {
  #size = 0;
  #keys = new Float64Array(FIRST_ROOM);
  #bytes = new Float64Array(FIRST_ROOM);
  #algorithms = new Uint8Array(FIRST_ROOM);
  #digests = new Uint8Array(FIRST_ROOM * DIGEST_BYTES);
  #slots = new Int32Array(0);

  get size(): number {
    return this.#size;
  }

  /** Of what is said of one path, the better digest counts, and then what was said first. @returns false where it is full. */
  add(path: string, proof: Proof): boolean {
    if (this.#size >= MAX_LISTED) return false;
    if (this.#size === this.#keys.length) this.#grow();
    if ((this.#size + 1) * SLOTS_PER_FILE > this.#slots.length) this.#layOut();
    const key = keyOf(path);
    const slot = this.#slotOf(key);
    const rank = PROOF_ALGORITHMS.indexOf(proof.algorithm);
    const before = (this.#slots[slot] ?? 0) - 1;
    if (before >= 0 && (this.#algorithms[before] ?? 0) <= rank) return true;
    const at = before >= 0 ? before : this.#size;
    this.#keys[at] = key;
    this.#bytes[at] = proof.bytes ?? -1;
    this.#algorithms[at] = rank;
    writeHex(this.#digests, at * DIGEST_BYTES, proof.hex);
    this.#size = Math.max(this.#size, at + 1);
    this.#slots[slot] = at + 1;
    return true;
  }

  find(path: string): Proof | undefined {
    if (this.#size === 0) return undefined;
    const at = (this.#slots[this.#slotOf(keyOf(path))] ?? 0) - 1;
    const algorithm = PROOF_ALGORITHMS[this.#algorithms[at] ?? 0];
    if (at < 0 || algorithm === undefined) return undefined;
    const bytes = this.#bytes[at] ?? -1;
    const length = algorithm === 'sha1' ? 20 : DIGEST_BYTES;
    const hex = readHex(this.#digests, at * DIGEST_BYTES, length);
    return { algorithm, hex, ...(bytes < 0 ? {} : { bytes }) };
  }

  #slotOf(key: number): number {
    let slot = key % this.#slots.length;
    for (;;) {
      const at = this.#slots[slot] ?? 0;
      if (at === 0 || this.#keys[at - 1] === key) return slot;
      slot = (slot + 1) % this.#slots.length;
    }
  }

  #grow(): void {
    const room = this.#keys.length * 2;
    this.#keys = copied(new Float64Array(room), this.#keys);
    this.#bytes = copied(new Float64Array(room), this.#bytes);
    this.#algorithms = copied(new Uint8Array(room), this.#algorithms);
    this.#digests = copied(new Uint8Array(room * DIGEST_BYTES), this.#digests);
  }

  #layOut(): void {
    this.#slots = new Int32Array(Math.ceil(this.#keys.length * SLOTS_PER_FILE) + 1);
    for (let at = 0; at < this.#size; at += 1) this.#slots[this.#slotOf(this.#keys[at] ?? 0)] = at + 1;
  }
}

function copied<T extends Float64Array | Uint8Array>(into: T, from: T): T {
  into.set(from);
  return into;
}

/** FNV-1a in two lanes, of which 53 bits fit a number. */
function keyOf(path: string): number {
  let [one, other] = [0x811c9dc5, 0x9747b28c];
  for (let at = 0; at < path.length; at += 1) {
    const code = path.charCodeAt(at);
    one = Math.imul(one ^ code, 0x01000193);
    other = Math.imul(other ^ code, 0x85ebca6b) ^ (other >>> 13);
  }
  return (one >>> 0) * 0x20_0000 + ((other >>> 0) & 0x1f_ffff);
}

function writeHex(into: Uint8Array, offset: number, hex: string): void {
  for (let at = 0; at < hex.length; at += 2)
    into[offset + at / 2] = Number.parseInt(hex.slice(at, at + 2), 16);
}

function readHex(from: Uint8Array, offset: number, length: number): string {
  return Array.from(from.subarray(offset, offset + length), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
