import { DecodeError } from '../../lib/decode-error.ts';
import { decodeLongAddress, type BlockAddress } from './addresses.ts';
import { LittleEndian } from '../../lib/little-endian.ts';
import { expectTag, TagId } from './tag.ts';
import { decodeCs0 } from './text.ts';

/** A name in a folder (ECMA-167 4/14.4), and where the entry of the file is that it names. */
export interface FolderName {
  readonly name: string;
  readonly entry: BlockAddress;
  /** Where in the folder the next name begins: greater than 0, and greater than those before it. */
  readonly cookie: number;
}

export interface Folder {
  /** The folder that it is in; undefined where it does not tell, as no disc should have it. */
  readonly parent: BlockAddress | undefined;
  /** In their order on the disc, without what cannot be a name in a tree. */
  readonly names: readonly FolderName[];
}

const HEADER_BYTES = 38;
const NAME_BYTES_AT = 19;
const EXTRA_BYTES_AT = 36;
/** ECMA-167 4/14.4.3. What is only hidden is read like all else: a machine may ask for it. */
const Characteristic = { deleted: 0x04, parent: 0x08, metadata: 0x10 } as const;
/** Names of one folder, with deleted ones; that of all packages of a distribution has some ten thousand. */
const MAX_NAMES = 100_000;

/** The bytes of a name that begins there: padded to four. */
function identifierBytes(fields: LittleEndian, at: number): number {
  return (HEADER_BYTES + fields.uint16(at + EXTRA_BYTES_AT) + fields.uint8(at + NAME_BYTES_AT) + 3) & ~3;
}

/** @throws DecodeError when the list breaks off: where the next name begins, each says of itself. */
export function decodeFolder(bytes: Uint8Array): Folder {
  const names: FolderName[] = [];
  const known = new Set<string>();
  let parent: BlockAddress | undefined;
  const whole = new LittleEndian(bytes);
  let read = 0;
  for (let at = 0; at < bytes.length; read += 1) {
    if (read > MAX_NAMES) throw new DecodeError(`A folder has more than ${MAX_NAMES} names`, at);
    const length = identifierBytes(whole, at);
    const identifier = decodeIdentifier(new LittleEndian(whole.bytes(at, length), at));
    at += length;
    if (identifier.kind === 'parent') parent ??= identifier.entry;
    if (identifier.kind !== 'name' || known.has(identifier.name)) continue;
    known.add(identifier.name);
    names.push({ name: identifier.name, entry: identifier.entry, cookie: at });
  }
  return { parent, names };
}

/**
 * The folder that a folder is in, from its beginning: the name of the parent is the first (UDF 2.01 §2.3.4). Undefined
 * where it is another.
 */
export function decodeParent(beginning: Uint8Array): BlockAddress | undefined {
  const whole = new LittleEndian(beginning);
  const identifier = decodeIdentifier(new LittleEndian(whole.bytes(0, identifierBytes(whole, 0))));
  return identifier.kind === 'parent' ? identifier.entry : undefined;
}

type Identifier =
  | { readonly kind: 'name'; readonly name: string; readonly entry: BlockAddress }
  | { readonly kind: 'parent'; readonly entry: BlockAddress }
  | { readonly kind: 'none' };

function decodeIdentifier(fields: LittleEndian): Identifier {
  // The block in the tag is not looked at: a folder that was moved as a whole has the old one, and neither Linux nor
  // 7-Zip goes by it.
  expectTag(fields, TagId.fileIdentifier, undefined);
  const characteristics = fields.uint8(18);
  const entry = decodeLongAddress(fields, 20);
  if (characteristics & (Characteristic.deleted | Characteristic.metadata)) return { kind: 'none' };
  if (characteristics & Characteristic.parent) return { kind: 'parent', entry };
  const nameAt = HEADER_BYTES + fields.uint16(EXTRA_BYTES_AT);
  const name = nameOf(fields.bytes(nameAt, fields.uint8(NAME_BYTES_AT)));
  return name === undefined ? { kind: 'none' } : { kind: 'name', name, entry };
}

/** Undefined for what would mean something else in a path, or cannot stand in one. */
function nameOf(bytes: Uint8Array): string | undefined {
  try {
    const name = decodeCs0(bytes);
    return /^$|^\.{1,2}$|[/\0]/.test(name) ? undefined : name;
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
