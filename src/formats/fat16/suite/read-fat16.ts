/** Reads a FAT16 volume by what its own boot sector and tables say: the other side of `layOutFat16`, for its tests. */
export function readFat16(volume: Uint8Array): ReadonlyMap<string, Uint8Array> {
  return new Fat16(volume).files();
}

const ENTRY_BYTES = 32;
const DELETED = 0xe5;
const LONG_NAME = 0x0f;
const VOLUME_LABEL = 0x08;
const FOLDER = 0x10;
const LETTER_PLACES = [1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30];

class Fat16 {
  readonly #volume: Uint8Array;
  readonly #view: DataView;
  readonly #clusterBytes: number;
  readonly #fatAt: number;
  readonly #rootAt: number;
  readonly #rootBytes: number;

  constructor(volume: Uint8Array) {
    this.#volume = volume;
    this.#view = new DataView(volume.buffer, volume.byteOffset, volume.byteLength);
    const at16 = (offset: number): number => this.#view.getUint16(offset, true);
    if (at16(510) !== 0xaa55) throw new Error('The boot sector has no signature');
    const sectorBytes = at16(11);
    this.#clusterBytes = sectorBytes * this.#view.getUint8(13);
    this.#fatAt = sectorBytes * at16(14);
    const fatSectors = at16(22);
    this.#rootAt = this.#fatAt + this.#view.getUint8(16) * fatSectors * sectorBytes;
    this.#rootBytes = at16(17) * ENTRY_BYTES;
    const sectors = at16(19) === 0 ? this.#view.getUint32(32, true) : at16(19);
    if (sectors * sectorBytes !== volume.length) throw new Error('The boot sector tells another size');
    const clusters = Math.floor((volume.length - this.#dataAt) / this.#clusterBytes);
    if (clusters < 4085 || clusters > 65_524) throw new Error(`${clusters} clusters are no FAT16`);
    if ((clusters + 2) * 2 > fatSectors * sectorBytes) throw new Error('The table is too short');
  }

  files(): ReadonlyMap<string, Uint8Array> {
    const found = new Map<string, Uint8Array>();
    this.#read(this.#volume.subarray(this.#rootAt, this.#rootAt + this.#rootBytes), '', found);
    return found;
  }

  get #dataAt(): number {
    return this.#rootAt + this.#rootBytes;
  }

  #read(directory: Uint8Array, before: string, found: Map<string, Uint8Array>): void {
    let long = '';
    for (let at = 0; at + ENTRY_BYTES <= directory.length; at += ENTRY_BYTES) {
      const entry = directory.subarray(at, at + ENTRY_BYTES);
      if (entry[0] === 0) return;
      if (entry[0] === DELETED) continue;
      if (entry[11] === LONG_NAME) {
        long = letters(entry) + long;
        continue;
      }
      const view = new DataView(entry.buffer, entry.byteOffset, ENTRY_BYTES);
      const name = long === '' ? shortName(entry) : long;
      long = '';
      if (name === '.' || name === '..' || (entry[11] ?? 0) & VOLUME_LABEL) continue;
      const bytes = this.#chain(view.getUint16(26, true));
      const path = `${before}${name}`;
      if ((entry[11] ?? 0) & FOLDER) this.#read(bytes, `${path}/`, found);
      else if (found.has(path)) throw new Error(`There are two of ${path}`);
      else found.set(path, bytes.subarray(0, view.getUint32(28, true)));
    }
  }

  #chain(first: number): Uint8Array {
    const parts: Uint8Array[] = [];
    for (let cluster = first; cluster !== 0 && cluster < 0xfff8; ) {
      const at = this.#dataAt + (cluster - 2) * this.#clusterBytes;
      parts.push(this.#volume.subarray(at, at + this.#clusterBytes));
      cluster = this.#view.getUint16(this.#fatAt + cluster * 2, true);
    }
    return Buffer.concat(parts);
  }
}

function letters(entry: Uint8Array): string {
  const view = new DataView(entry.buffer, entry.byteOffset, ENTRY_BYTES);
  const codes = LETTER_PLACES.map((at) => view.getUint16(at, true));
  return String.fromCharCode(...codes.filter((code) => code !== 0 && code !== 0xffff));
}

function shortName(entry: Uint8Array): string {
  const text = String.fromCharCode(...entry.subarray(0, 11));
  const [stem, ending] = [text.slice(0, 8).trimEnd(), text.slice(8).trimEnd()];
  return ending === '' ? stem : `${stem}.${ending}`;
}
