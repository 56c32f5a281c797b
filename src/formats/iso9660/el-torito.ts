import { DecodeError } from '../../lib/decode-error.ts';
import type { DiscFields } from './disc-fields.ts';
import type { DiscPieces } from './disc-pieces.ts';

/** What firmware may start from a disc: "El Torito" Bootable CD-ROM Format Specification 1.0, and UEFI 2.10 §13.3.2. */
export interface BootEntry {
  readonly platform: BootPlatform;
  /** As the catalogue has it. */
  readonly platformId: number;
  readonly bootable: boolean;
  readonly media: BootMedia;
  /** In bytes, from the beginning of the disc. */
  readonly offset: number;
  /** As the catalogue has it: sectors of 512 bytes that firmware loads. */
  readonly sectors: number;
  /**
   * What firmware gets to see. Undefined where the catalogue does not say: its field is too small for many EFI images,
   * which then have 0 or 1 there, and are as large as the FAT in them says; a hard disk is as its partitions say.
   */
  readonly bytes: number | undefined;
}

export interface BootCatalog {
  readonly entries: readonly BootEntry[];
  /** Why there are none, or not all; undefined where nothing is wrong. */
  readonly because: string | undefined;
}

export type BootPlatform = 'x86' | 'PowerPC' | 'Mac' | 'EFI' | 'unknown';
export type BootMedia = 'no emulation' | 'floppy' | 'hard disk' | 'unknown';

/** El Torito 1.0 §2.1; 0xEF from UEFI. */
const PLATFORMS: Readonly<Record<number, BootPlatform>> = {
  0x00: 'x86',
  0x01: 'PowerPC',
  0x02: 'Mac',
  0xef: 'EFI',
};

interface MediaRow {
  readonly media: BootMedia;
  /** What a medium of this kind has, whatever the catalogue says. */
  readonly bytes?: number;
}

/** El Torito 1.0 §2.2: the lower four bits. */
const MEDIA: Readonly<Record<number, MediaRow>> = {
  0: { media: 'no emulation' },
  1: { media: 'floppy', bytes: 1_228_800 },
  2: { media: 'floppy', bytes: 1_474_560 },
  3: { media: 'floppy', bytes: 2_949_120 },
  4: { media: 'hard disk' },
};

const ENTRY_BYTES = 32;
const SECTOR_BYTES = 2048;
const LOADED_SECTOR_BYTES = 512;
/** Programs write one sector; this is room for four times as many entries. */
const MAX_CATALOG_BYTES = 4 * SECTOR_BYTES;
const VALIDATION = 0x01;
const Header = { more: 0x90, last: 0x91 } as const;
const EXTENSION = 0x44;
const BOOTABLE = 0x88;
/** Extensions follow an entry of a section (figure 6). */
const CONTINUES = 0x20;
const MEDIA_BITS = 0x0f;

/** Reads the catalogue at that place of the disc; what is wrong with it is told, and refuses no disc. */
export async function readBootCatalog(pieces: DiscPieces, at: number): Promise<BootCatalog> {
  try {
    const bytes = Math.min(MAX_CATALOG_BYTES, pieces.size - at);
    return decodeBootCatalog(await pieces.read(at, Math.max(bytes, ENTRY_BYTES)), pieces.size);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return { entries: [], because: `The boot catalogue cannot be read: ${error.message}` };
  }
}

/** @throws DecodeError where no catalogue begins. */
function decodeBootCatalog(fields: DiscFields, discBytes: number): BootCatalog {
  if (fields.uint8(0) !== VALIDATION || fields.uint8(30) !== 0x55 || fields.uint8(31) !== 0xaa)
    throw new DecodeError('There is no validation entry', fields.base);
  if (checksum(fields) !== 0)
    throw new DecodeError('The checksum of the validation entry is wrong', fields.base);
  const reader = new CatalogReader(fields, discBytes);
  reader.readEntry(ENTRY_BYTES, fields.uint8(1));
  reader.readSections(2 * ENTRY_BYTES);
  return { entries: reader.entries, because: reader.because };
}

/** The sixteen words of the validation entry have the sum 0 (§2.1). */
function checksum(fields: DiscFields): number {
  let sum = 0;
  for (let at = 0; at < ENTRY_BYTES; at += 2) sum += fields.uint16(at);
  return sum & 0xffff;
}

class CatalogReader {
  readonly entries: BootEntry[] = [];
  because: string | undefined;
  readonly #fields: DiscFields;
  readonly #discBytes: number;

  constructor(fields: DiscFields, discBytes: number) {
    this.#fields = fields;
    this.#discBytes = discBytes;
  }

  /** Headers with their entries (§2.3). Some programs forget to say which is the last, and zeros follow. */
  readSections(from: number): void {
    const { length } = this.#fields;
    for (let at = from; at + ENTRY_BYTES <= length; ) {
      const header = this.#fields.uint8(at);
      if (header !== Header.more && header !== Header.last) return;
      const platformId = this.#fields.uint8(at + 1);
      const count = this.#fields.uint16(at + 2);
      at += ENTRY_BYTES;
      for (let index = 0; index < count; index += 1) {
        if (at + ENTRY_BYTES > length) {
          this.because ??= 'A section of the boot catalogue has more entries than are read';
          return;
        }
        at = this.readEntry(at, platformId);
      }
      if (header === Header.last) return;
    }
  }

  /** Gives where the next one begins. */
  readEntry(at: number, platformId: number): number {
    const fields = this.#fields;
    const bits = fields.uint8(at + 1);
    const { media, bytes } = MEDIA[bits & MEDIA_BITS] ?? { media: 'unknown' };
    const sectors = fields.uint16(at + 6);
    const offset = fields.uint32(at + 8) * SECTOR_BYTES;
    const platform = PLATFORMS[platformId] ?? 'unknown';
    // The catalogue has only what is loaded of a hard disk, which is its first sector.
    const isTold = media !== 'hard disk' && (platform !== 'EFI' || sectors > 1);
    const told = isTold ? sectors * LOADED_SECTOR_BYTES : undefined;
    const entry: BootEntry = {
      platform,
      platformId,
      bootable: fields.uint8(at) === BOOTABLE,
      media,
      offset,
      sectors,
      bytes: bytes ?? told,
    };
    // A section that is said to have more entries than it has goes on with zeros.
    if (offset === 0) this.because ??= 'An entry of the boot catalogue names no place';
    else if (offset + (entry.bytes ?? LOADED_SECTOR_BYTES) > this.#discBytes)
      this.because ??= 'An entry of the boot catalogue lies behind the end of the image';
    else this.entries.push(entry);
    return this.#behindExtensions(at + ENTRY_BYTES, bits);
  }

  /** Each says whether another follows (figure 6); none of them has anything we need. */
  #behindExtensions(from: number, entryBits: number): number {
    let at = from;
    for (
      let bits = entryBits;
      bits & CONTINUES && at + ENTRY_BYTES <= this.#fields.length;
      at += ENTRY_BYTES
    ) {
      if (this.#fields.uint8(at) !== EXTENSION) break;
      bits = this.#fields.uint8(at + 1);
    }
    return at;
  }
}
