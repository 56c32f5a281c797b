/** Small discs from bytes written in code: right ones, and such as no program would make. */

export interface MadeEntry {
  /** ASCII, or the bytes of another alphabet. */
  readonly name: string | Uint8Array;
  readonly flags?: number;
  readonly data?: Uint8Array;
  /** What is in a folder; an entry without is a file. */
  readonly folder?: readonly MadePart[];
  readonly systemUse?: Uint8Array;
  /** What the record says instead of what is there. */
  readonly block?: number;
  readonly bytes?: number;
  readonly attributeBlocks?: number;
  readonly unit?: number;
  readonly gap?: number;
  readonly volume?: number;
  readonly time?: readonly number[];
  /** What the first two records of a folder say otherwise. */
  readonly itself?: Partial<MadeEntry>;
  readonly parent?: Partial<MadeEntry>;
}

/** Bytes stand in a directory as they are. */
export type MadePart = MadeEntry | Uint8Array;

export interface MadeDisc {
  readonly blockBytes?: number;
  readonly root: readonly MadePart[];
  readonly itself?: Partial<MadeEntry>;
  readonly parent?: Partial<MadeEntry>;
  /** The tree of a supplementary descriptor, if there is one. */
  readonly joliet?: readonly MadePart[];
  readonly volumesInSet?: number;
  /** Bytes that stand at certain blocks, whatever else does. */
  readonly at?: Readonly<Record<number, Uint8Array>>;
  readonly blocks?: number;
}

const SECTOR = 2048;
/** Where directories begin, and where files do, in sectors. */
const FIRST_DIRECTORY = 24;
const FIRST_FILE = 100;
const DISC_SECTORS = 256;
/** Where tests may put what they like, in sectors. */
export const FREE_BLOCK = 200;
export const ROOT_BLOCK = FIRST_DIRECTORY;

export function makeDisc(disc: MadeDisc): Uint8Array {
  return new DiscMaker(disc).make();
}

class DiscMaker {
  readonly #disc: MadeDisc;
  readonly #blockBytes: number;
  readonly #bytes: Uint8Array;
  #nextDirectory: number;
  #nextFile: number;

  constructor(disc: MadeDisc) {
    this.#disc = disc;
    this.#blockBytes = disc.blockBytes ?? SECTOR;
    this.#bytes = new Uint8Array(DISC_SECTORS * SECTOR);
    this.#nextDirectory = FIRST_DIRECTORY * (SECTOR / this.#blockBytes);
    this.#nextFile = FIRST_FILE * (SECTOR / this.#blockBytes);
  }

  make(): Uint8Array {
    const { root, itself, parent, joliet, at } = this.#disc;
    const base = { name: '', folder: root, ...(itself && { itself }), ...(parent && { parent }) };
    this.#descriptor(16, 1, '', this.#folder(base, undefined));
    if (joliet !== undefined)
      this.#descriptor(17, 2, '%/E', this.#folder({ name: '', folder: joliet }, undefined));
    this.#bytes.set([0xff, ...ascii('CD001'), 1], (joliet === undefined ? 17 : 18) * SECTOR);
    for (const [block, bytes] of Object.entries(at ?? {}))
      this.#bytes.set(bytes, Number(block) * this.#blockBytes);
    return this.#bytes;
  }

  #descriptor(sector: number, kind: number, escape: string, root: Placed): void {
    const fields = this.#bytes.subarray(sector * SECTOR, (sector + 1) * SECTOR);
    fields.set([kind, ...ascii('CD001'), 1]);
    fields.set(ascii('A_LABEL'.padEnd(32)), 40);
    fields.set(both32(this.#disc.blocks ?? this.#bytes.length / this.#blockBytes), 80);
    fields.set(ascii(escape), 88);
    fields.set(both16(this.#disc.volumesInSet ?? 1), 120);
    fields.set(both16(1), 124);
    fields.set(both16(this.#blockBytes), 128);
    fields.set(recordBytes({ name: '\0', flags: 2 }, root), 156);
    fields.set([...ascii('2021020304050600'), 0], 813);
  }

  /** Writes a folder, and what is below it, and says where it is. */
  #folder(entry: MadeEntry, above: number | undefined): Placed {
    const block = this.#nextDirectory;
    const parts = entry.folder ?? [];
    // Room for as many sectors as the records can need, each of which ends with less than one record left over.
    const most = parts.reduce((sum, part) => sum + (part instanceof Uint8Array ? part.length : 255), 512);
    const bytes = Math.ceil(most / 1700) * SECTOR;
    this.#nextDirectory += bytes / this.#blockBytes;
    const itself = recordBytes({ name: '\0', flags: 2, ...entry.itself }, { block, bytes });
    const parent = recordBytes(
      { name: '\u0001', flags: 2, ...entry.parent },
      { block: above ?? block, bytes },
    );
    const records = [itself, parent, ...parts.map((part) => this.#part(part, block))];
    let at = block * this.#blockBytes;
    for (const record of records) {
      const left = SECTOR - (at % SECTOR);
      if (record.length > left && record.length <= SECTOR) at += left;
      this.#bytes.set(record, at);
      at += record.length;
    }
    return { block, bytes };
  }

  #part(part: MadePart, above: number): Uint8Array {
    if (part instanceof Uint8Array) return part;
    if (part.folder !== undefined) return recordBytes({ flags: 2, ...part }, this.#folder(part, above));
    const data = part.data ?? new Uint8Array(0);
    const block = this.#nextFile;
    this.#bytes.set(data, (block + (part.attributeBlocks ?? 0)) * this.#blockBytes);
    this.#nextFile += Math.ceil(data.length / this.#blockBytes) + (part.attributeBlocks ?? 0);
    return recordBytes(part, { block, bytes: data.length });
  }
}

interface Placed {
  readonly block: number;
  readonly bytes: number;
}

const TIME = [121, 2, 3, 4, 5, 6, 0];

export function recordBytes(entry: MadeEntry, placed: Placed): Uint8Array {
  const name = typeof entry.name === 'string' ? ascii(entry.name) : entry.name;
  const systemUse = entry.systemUse ?? new Uint8Array(0);
  const padding = name.length % 2 === 0 ? 1 : 0;
  const length = 33 + name.length + padding + systemUse.length;
  if (length > 255) throw new Error(`A record of ${length} bytes was to be made`);
  return new Uint8Array([
    length,
    entry.attributeBlocks ?? 0,
    ...both32(entry.block ?? placed.block),
    ...both32(entry.bytes ?? placed.bytes),
    ...(entry.time ?? TIME),
    entry.flags ?? 0,
    entry.unit ?? 0,
    entry.gap ?? 0,
    ...both16(entry.volume ?? 1),
    name.length,
    ...name,
    ...(padding === 1 ? [0] : []),
    ...systemUse,
  ]);
}

/** An entry of SUSP. */
export function susp(letters: string, ...payload: readonly (readonly number[] | Uint8Array)[]): Uint8Array {
  const bytes = payload.flatMap((part) => [...part]);
  return new Uint8Array([...ascii(letters), 4 + bytes.length, 1, ...bytes]);
}

/** Entries behind each other. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

/** What the first record of the root has where there is Rock Ridge. */
export function rockRidgeRoot(skip = 0): Uint8Array {
  const name = ascii('RRIP_1991A');
  return joined(
    susp('SP', [0xbe, 0xef, skip]),
    susp('PX', both32(0o040_755), both32(1), both32(0), both32(0)),
    susp('ER', [name.length, 0, 0, 1], name),
  );
}

export function nameEntry(name: string | Uint8Array, flags = 0): Uint8Array {
  return susp('NM', [flags], typeof name === 'string' ? new TextEncoder().encode(name) : name);
}

export function modeEntry(mode: number): Uint8Array {
  return susp('PX', both32(mode), both32(1), both32(0), both32(0));
}

/** Components as flags and text. */
export function linkEntry(components: readonly (readonly [number, string])[], flags = 0): Uint8Array {
  return susp('SL', [flags], ...components.map(([flag, text]) => [flag, text.length, ...ascii(text)]));
}

export function continuation(block: number, offset: number, length: number): Uint8Array {
  return susp('CE', both32(block), both32(offset), both32(length));
}

export function both32(value: number): readonly number[] {
  const little = [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24];
  return [...little, ...little.toReversed()];
}

export function both16(value: number): readonly number[] {
  return [value & 0xff, value >>> 8, value >>> 8, value & 0xff];
}

export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
