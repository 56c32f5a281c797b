import { LittleEndian } from '../../lib/little-endian.ts';
import { decodeLabel } from './boot-sector.ts';

/** What a directory of FAT names; a long name stands in entries before its own. */
export interface DirectoryEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder';
  readonly cluster: number;
  readonly size: number;
  readonly modifiedMs: number;
  /** Which entry of its directory it is. */
  readonly place: number;
}

export interface Directory {
  readonly entries: readonly DirectoryEntry[];
  /** Of the volume, in its root. */
  readonly label: string | undefined;
}

export const ENTRY_BYTES = 32;

const Attribute = { volumeLabel: 0x08, folder: 0x10, longName: 0x0f } as const;
const ATTRIBUTES_OF_LONG_NAME = 0x3f;
const LAST = 0x00;
const DELETED = 0xe5;
const LAST_LONG_ENTRY = 0x40;
/** Where the letters of a long name stand in an entry. */
const LETTER_PLACES = [1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30] as const;
/** What Windows NT writes where only the case of an 8.3 name is not that of FAT. */
const Lower = { stem: 0x08, ending: 0x10 } as const;
const FIRST_YEAR = 1980;

/** A long name as far as it was read: its parts stand in reverse. */
interface LongName {
  readonly text: string;
  readonly checksum: number;
  /** The part that was read last; the first one is 1. */
  readonly part: number;
}

/** @param kind of the table, since only FAT32 has clusters of more than 16 bits. */
export function decodeDirectory(bytes: Uint8Array, kind: 12 | 16 | 32): Directory {
  const entries: DirectoryEntry[] = [];
  const known = new Set<string>();
  let label: string | undefined;
  let long: LongName | undefined;
  for (let place = 0; (place + 1) * ENTRY_BYTES <= bytes.length; place += 1) {
    const entry = new LittleEndian(bytes.subarray(place * ENTRY_BYTES, (place + 1) * ENTRY_BYTES));
    const first = entry.uint8(0);
    const attributes = entry.uint8(11);
    if (first === LAST) break;
    if (first !== DELETED && (attributes & ATTRIBUTES_OF_LONG_NAME) === Attribute.longName) {
      long = longNameWith(long, entry);
      continue;
    }
    const name = nameOf(entry, long);
    long = undefined;
    if (first === DELETED) continue;
    if (attributes & Attribute.volumeLabel) {
      label ??= decodeLabel(entry.bytes(0, 11));
    } else if (isName(name) && !known.has(name)) {
      known.add(name);
      entries.push(decodeEntry(entry, { name, place, kind }));
    }
  }
  return { entries, label };
}

function decodeEntry(
  entry: LittleEndian,
  { name, place, kind }: { readonly name: string; readonly place: number; readonly kind: 12 | 16 | 32 },
): DirectoryEntry {
  return {
    name,
    kind: entry.uint8(11) & Attribute.folder ? 'folder' : 'file',
    cluster: entry.uint16(26) + (kind === 32 ? entry.uint16(20) * 0x1_0000 : 0),
    size: entry.uint32(28),
    modifiedMs: decodeTime(entry.uint16(24), entry.uint16(22)),
    place,
  };
}

/** Not the folder itself and the one above it, which stand in all but the root, and nothing that would lead away. */
function isName(name: string): boolean {
  return !/^$|^\.{1,2}$|[/\0]/.test(name);
}

/** A part that does not follow the one before it begins a name, or is left alone. */
function longNameWith(before: LongName | undefined, entry: LittleEndian): LongName | undefined {
  const order = entry.uint8(0);
  const part = order & (LAST_LONG_ENTRY - 1);
  const checksum = entry.uint8(13);
  const letters = LETTER_PLACES.map((at) => String.fromCharCode(entry.uint16(at))).join('');
  if (part === 0) return undefined;
  if (order & LAST_LONG_ENTRY) return { text: letters.replace(/\0.*$/s, ''), checksum, part };
  if (before?.part !== part + 1 || before.checksum !== checksum) return undefined;
  return { text: letters + before.text, checksum, part };
}

/** The long name, if it is whole and belongs to this entry: others may have written the entry and left it behind. */
function nameOf(entry: LittleEndian, long: LongName | undefined): string {
  const short = entry.bytes(0, 11);
  return long?.part === 1 && long.checksum === checksumOf(short)
    ? long.text.replaceAll(/\p{Surrogate}/gu, '\uFFFD')
    : shortName(short, entry.uint8(12));
}

function shortName(bytes: Uint8Array, flags: number): string {
  const stem = decodeLabel(bytes.subarray(0, 8));
  const ending = decodeLabel(bytes.subarray(8));
  const name = flags & Lower.stem ? stem.toLowerCase() : stem;
  if (ending === '') return name;
  return `${name}.${flags & Lower.ending ? ending.toLowerCase() : ending}`;
}

function checksumOf(short: Uint8Array): number {
  let sum = 0;
  for (const byte of short) sum = (((sum & 1) << 7) + (sum >> 1) + byte) & 0xff;
  return sum;
}

/** FAT knows no time zone, so it is taken for UTC; 0 where there is no day. */
function decodeTime(date: number, time: number): number {
  const [month, day] = [(date >> 5) & 15, date & 31];
  if (month < 1 || month > 12 || day < 1) return 0;
  const [hour, minute, twoSeconds] = [time >> 11, (time >> 5) & 63, time & 31];
  return Date.UTC(FIRST_YEAR + (date >> 9), month - 1, day, hour, minute, twoSeconds * 2);
}
