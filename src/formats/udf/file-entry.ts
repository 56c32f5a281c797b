import { type BlockAddress } from './addresses.ts';
import type { AllocationForm } from './allocation-descriptors.ts';
import type { LittleEndian } from '../../lib/little-endian.ts';
import { decodeTag, TagId } from './tag.ts';
import { decodeTimestamp } from './timestamp.ts';

/** What a file is and where its bytes are, but for its name: a file entry (ECMA-167 4/14.9) or an extended one (4/14.17). */
export interface FileEntry {
  /** By its number: see `FileType`. */
  readonly type: number;
  readonly size: number;
  /** The nine bits of POSIX. */
  readonly mode: number;
  readonly modifiedMs: number | undefined;
  readonly content: FileContent;
}

export type FileContent =
  /** The bytes are in the entry itself. */
  | { readonly kind: 'embedded'; readonly at: number }
  | { readonly kind: 'allocated'; readonly form: AllocationForm; readonly list: Uint8Array };

/** ECMA-167 4/14.6.6, and from 248 on UDF 2.60 §2.3.5.2. */
export const FileType = {
  unspecified: 0,
  folder: 4,
  file: 5,
  link: 12,
  virtualTable: 248,
  realTimeFile: 249,
  metadata: 250,
  metadataMirror: 251,
} as const;

/** Where the fields stand that the two kinds of entries have at different places. */
const PLACES = {
  [TagId.fileEntry]: { modified: 84, attributeBytes: 168, listBytes: 172, attributes: 176 },
  [TagId.extendedFileEntry]: { modified: 92, attributeBytes: 208, listBytes: 212, attributes: 216 },
} as const;

/** The lowest three bits of the flags (ECMA-167 4/14.6.8). */
const FORMS = ['short', 'long', 'extended', 'embedded'] as const;
/** One entry, and nothing before it: the only strategy but for discs that can be written once. */
const STRATEGY = 4;
const STRATEGY_OF_WORM = 4096;

/** @throws DecodeError when no file's entry is there, or one of a disc that is not read. */
export function decodeFileEntry(fields: LittleEndian, { block }: BlockAddress): FileEntry {
  const tag = decodeTag(fields, block);
  if (tag !== TagId.fileEntry && tag !== TagId.extendedFileEntry)
    throw fields.error(
      tag === TagId.indirectEntry
        ? 'An entry of a file leads to another one, as on discs that are written once (strategy 4096)'
        : `A descriptor is of the kind ${tag} instead of a file's entry`,
    );
  const strategy = fields.uint16(20);
  if (strategy !== STRATEGY)
    throw fields.error(
      strategy === STRATEGY_OF_WORM
        ? 'The entries are those of a disc that is written once (strategy 4096), which is not read'
        : `An entry of a file follows the strategy ${strategy}`,
      20,
    );
  const places = PLACES[tag];
  const size = fields.uint64(56);
  const at = places.attributes + fields.uint32(places.attributeBytes);
  const listBytes = fields.uint32(places.listBytes);
  const list = fields.bytes(at, listBytes);
  const form = FORMS[fields.uint16(34) & 7];
  if (form === undefined) throw fields.error('The places of a file are told in an unknown form', 34);
  if (form === 'embedded' && size > listBytes)
    throw fields.error(`A file of ${size} bytes has ${listBytes} in its entry`, places.listBytes);
  return {
    type: fields.uint8(27),
    size,
    mode: posixMode(fields.uint32(44)),
    modifiedMs: decodeTimestamp(fields, places.modified),
    content: form === 'embedded' ? { kind: 'embedded', at } : { kind: 'allocated', form, list },
  };
}

/** Five bits each for others, group and owner, of which the lowest three are those of POSIX (ECMA-167 4/14.9.5). */
function posixMode(permissions: number): number {
  return (permissions & 0o7) | ((permissions >> 2) & 0o70) | ((permissions >> 4) & 0o700);
}
