import { decodeText } from '../../lib/byte-reader.ts';
import type { DiscFields } from './disc-fields.ts';
import { MAX_NAME_BYTES } from './recorded-name.ts';
import { LONG_TIME_BYTES, longTime, SHORT_TIME_BYTES, shortTime } from './recorded-time.ts';
import { SymbolicLink } from './symbolic-link.ts';
import { type SystemUseEntry, type SystemUseTaker, signature } from './system-use.ts';

/** Rock Ridge, RRIP 1.12: what POSIX wants to know of a file, as entries of SUSP. */

/** RRIP 1.12 §4.1.4. */
const NameFlag = { continues: 1, itself: 2, parent: 4 } as const;
/** RRIP 1.12 §4.1.6; the times that are there follow each other in this order. */
const TimeFlag = { creation: 1, modification: 2, long: 0x80 } as const;
const MODE_FORMAT = 0o170_000;
const PERMISSIONS = 0o777;
/** POSIX: the kinds of a file in its mode. */
const KINDS: Readonly<Record<number, PosixKind>> = {
  [0o100_000]: 'file',
  [0o040_000]: 'folder',
  [0o120_000]: 'link',
};

export type PosixKind = 'file' | 'folder' | 'link' | 'something else';

/** Entries that say that the bytes of a file are not simply there. */
type Packing = 'zisofs' | 'sparse';

/** What the entries of one record say. A record has each once; what is there again is taken the second time. */
export class RockRidgeFields implements SystemUseTaker {
  readonly #name: Uint8Array[] = [];
  #nameBytes = 0;
  #nameIsWhole = true;
  #special: string | undefined;
  #mode: number | undefined;
  #link: SymbolicLink | undefined;
  mtimeMs: number | undefined;
  packing: Packing | undefined;
  /** The folder that this stands for, which lies elsewhere: its first block. */
  childBlock: number | undefined;
  /** In the record of a folder's parent: where that really is. */
  parentBlock: number | undefined;
  /** It is shown where its folder belongs, and not here. */
  isRelocated = false;
  /** The extension that this disc declares in the first record of its root is Rock Ridge. */
  isDeclared = false;

  take(entry: SystemUseEntry): void {
    const row = BY_SIGNATURE.get(entry.signature);
    if (row !== undefined && entry.end - entry.at >= row.least) row.read(this, entry);
  }

  /** Any Rock Ridge is there at all. */
  get hasAny(): boolean {
    return this.isDeclared || this.#mode !== undefined;
  }

  get permissions(): number | undefined {
    return this.#mode === undefined ? undefined : this.#mode & PERMISSIONS;
  }

  get kind(): PosixKind | undefined {
    if (this.#mode === undefined) return this.#link === undefined ? undefined : 'link';
    const format = this.#mode & MODE_FORMAT;
    return format === 0 ? undefined : (KINDS[format] ?? 'something else');
  }

  /** Undefined where there is none, and the one of the record counts. */
  get name(): string | undefined {
    if (this.#special !== undefined) return this.#special;
    const [first, ...others] = this.#name;
    if (first === undefined) return undefined;
    return decodeText(others.length === 0 ? first : joined(this.#name));
  }

  /** Why the name cannot be taken as it stands; undefined where it can. */
  get whyNoName(): string | undefined {
    if (this.#nameBytes > MAX_NAME_BYTES) return `its name has more than ${MAX_NAME_BYTES} bytes`;
    return this.#nameIsWhole ? undefined : 'the end of its name is missing';
  }

  get link(): SymbolicLink | undefined {
    return this.#link;
  }

  addName(flags: number, bytes: Uint8Array): void {
    if (flags & NameFlag.itself) this.#special = '.';
    else if (flags & NameFlag.parent) this.#special = '..';
    this.#nameIsWhole = (flags & NameFlag.continues) === 0;
    this.#nameBytes += bytes.length;
    // What is too long is only counted.
    if (this.#nameBytes <= MAX_NAME_BYTES) this.#name.push(bytes);
  }

  setMode(mode: number): void {
    this.#mode = mode;
  }

  addToLink(fields: DiscFields, at: number, end: number): void {
    this.#link ??= new SymbolicLink();
    this.#link.add(fields, at, end);
  }
}

interface Row {
  /** The bytes it must have for its fields to be there; a shorter one is passed over. */
  readonly least: number;
  readonly read: (into: RockRidgeFields, entry: SystemUseEntry) => void;
}

/** RRIP 1.12 §4.1, and ER of SUSP 1.12 §5.5. The places are counted from the beginning of the entry. */
const ROWS: Readonly<Record<string, Row>> = {
  ER: {
    least: 8,
    read: (into, { fields, at, end }) => {
      const name = fields.text(at + 8, Math.min(fields.uint8(at + 4), end - at - 8));
      into.isDeclared ||= EXTENSIONS.has(name);
    },
  },
  PX: { least: 12, read: (into, { fields, at }) => into.setMode(fields.uint32(at + 4)) },
  NM: {
    least: 5,
    read: (into, { fields, at, end }) =>
      into.addName(fields.uint8(at + 4), fields.slice(at + 5, end - at - 5)),
  },
  SL: { least: 5, read: (into, { fields, at, end }) => into.addToLink(fields, at, end) },
  TF: {
    least: 5,
    read: (into, { fields, at, end }) => {
      into.mtimeMs = modificationTime(fields, at, end) ?? into.mtimeMs;
    },
  },
  CL: {
    least: 12,
    read: (into, { fields, at }) => {
      into.childBlock = fields.uint32(at + 4);
    },
  },
  PL: {
    least: 12,
    read: (into, { fields, at }) => {
      into.parentBlock = fields.uint32(at + 4);
    },
  },
  RE: {
    least: 4,
    read: (into) => {
      into.isRelocated = true;
    },
  },
  SF: {
    least: 4,
    read: (into) => {
      into.packing = 'sparse';
    },
  },
  // Not of RRIP: zisofs, which mkzftree makes and Linux unpacks.
  ZF: {
    least: 4,
    read: (into) => {
      into.packing = 'zisofs';
    },
  },
};

const BY_SIGNATURE: ReadonlyMap<number, Row> = new Map(
  Object.entries(ROWS).map(([letters, row]) => [signature(letters), row]),
);

/** RRIP 1.09 and 1.10 (the first two), 1.12, and what mkisofs wrote for that. */
const EXTENSIONS: ReadonlySet<string> = new Set(['RRIP_1991A', 'IEEE_P1282', 'IEEE_1282']);

function modificationTime(fields: DiscFields, at: number, end: number): number | undefined {
  const flags = fields.uint8(at + 4);
  if ((flags & TimeFlag.modification) === 0) return undefined;
  const isLong = (flags & TimeFlag.long) !== 0;
  const bytes = isLong ? LONG_TIME_BYTES : SHORT_TIME_BYTES;
  const place = at + 5 + (flags & TimeFlag.creation ? bytes : 0);
  if (place + bytes > end) return undefined;
  return isLong ? longTime(fields, place) : shortTime(fields, place);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
