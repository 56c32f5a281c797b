/**
 * The archive format of Linux's initramfs: cpio "newc" (Documentation/driver-api/early-userspace/buffer-format.rst
 * of the kernel). Header fields are 8 upper-case hex digits; name and data are padded to 4 bytes.
 */

export type CpioEntry =
  | { readonly kind: 'folder'; readonly path: string }
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly bytes: Uint8Array;
      readonly executable: boolean;
    }
  | { readonly kind: 'link'; readonly path: string; readonly target: string };

/** A file whose bytes stay where they are: its place in the archive is left free for them. */
export interface CpioContent {
  readonly kind: 'content';
  readonly path: string;
  readonly size: number;
  readonly executable: boolean;
}

/** An archive with places that are free. Between its parts are zeros. */
export interface CpioLayout {
  /** Of the whole, in bytes. */
  readonly size: number;
  /** Headers and names, and the bytes of files that had some. */
  readonly parts: readonly { readonly offset: number; readonly bytes: Uint8Array }[];
  /** Where the bytes of the others belong, by their paths. */
  readonly contents: ReadonlyMap<string, number>;
}

const MAGIC = '070701';
const LAST_NAME = 'TRAILER!!!';
const MODE = { folder: 0o040755, file: 0o100644, program: 0o100755, link: 0o120777 } as const;
/** The kernel leaves out what has a longer name (PATH_MAX, with the NUL behind it). */
const MAX_NAME_BYTES = 4095;
/** The size has eight digits. */
const MAX_FILE_BYTES = 0xffff_ffff;
/** An archive begins on such a border, wherever it stands in an initrd. */
const ALIGNMENT = 4;
/** Archives are as long as their blocks on a tape. */
const BLOCK_BYTES = 512;

/**
 * The archive of the entries, owned by root and dated 1970 so that equal input gives equal bytes. Folders that a
 * path runs through are made on the way.
 *
 * @throws RangeError for a path that is absolute, empty, climbs, or runs through what is no folder.
 */
export function encodeCpio(entries: readonly CpioEntry[]): Uint8Array {
  const { size, parts } = layOutCpio(entries);
  const bytes = new Uint8Array(size);
  for (const part of parts) bytes.set(part.bytes, part.offset);
  return bytes;
}

/**
 * The same where some bytes are too many to be copied.
 *
 * @throws RangeError as `encodeCpio` does.
 */
export function layOutCpio(entries: readonly (CpioEntry | CpioContent)[]): CpioLayout {
  const parts: { readonly offset: number; readonly bytes: Uint8Array }[] = [];
  const contents = new Map<string, number>();
  let size = 0;
  const add = (path: string, { head, data }: Record): void => {
    parts.push({ offset: size, bytes: head });
    size += head.length + paddingTo(ALIGNMENT, head.length);
    if (typeof data === 'number') contents.set(path, size);
    else parts.push({ offset: size, bytes: data });
    const length = typeof data === 'number' ? data : data.length;
    size += length + paddingTo(ALIGNMENT, length);
  };
  for (const [index, entry] of withFolders(entries).entries()) add(entry.path, recordOf(entry, index + 1));
  add('', record(0, 0, LAST_NAME, new Uint8Array()));
  return { size: size + paddingTo(BLOCK_BYTES, size), parts, contents };
}

/** An initrd with more files in it, as one file: the bytes that were there, zeros, and an archive. */
export interface InitrdLayout {
  /** Of the whole, in bytes. */
  readonly size: number;
  /** What goes behind the first bytes, and where; what lies between is zeros. */
  readonly archive: { readonly offset: number; readonly bytes: Uint8Array };
}

/**
 * How an initrd gets more files without being unpacked or copied: the kernel unpacks one archive after the other,
 * whether packed or not, and a file of a later one replaces that of an earlier one (seen with Linux 6.1).
 *
 * A folder replaces a symbolic link of its name too. So a file should not go below what may be a link in the
 * initrd, as `bin` and `lib` are in most.
 *
 * @param initrdBytes the size of the initrd as it is.
 * @throws RangeError as `encodeCpio` does.
 */
export function layOutInitrd(initrdBytes: number, entries: readonly CpioEntry[]): InitrdLayout {
  const bytes = encodeCpio(entries);
  const offset = offsetBehind(initrdBytes);
  return { size: offset + bytes.length, archive: { offset, bytes } };
}

/** Where an archive begins that is put behind an initrd. */
export function offsetBehind(initrdBytes: number): number {
  return initrdBytes + paddingTo(ALIGNMENT, initrdBytes);
}

type AnyEntry = CpioEntry | CpioContent;

function withFolders(entries: readonly AnyEntry[]): readonly AnyEntry[] {
  const byPath = new Map<string, AnyEntry>();
  for (const entry of entries) {
    const names = entry.path.split('/');
    if (names.some((name) => /^$|^\.{1,2}$|\0/.test(name)))
      throw refusal(entry.path, 'its path must be relative and plain');
    for (let depth = 1; depth < names.length; depth += 1) {
      const path = names.slice(0, depth).join('/');
      const above = byPath.get(path) ?? ({ kind: 'folder', path } as const);
      if (above.kind !== 'folder') throw refusal(entry.path, `"${path}" is a ${above.kind}`);
      byPath.set(path, above);
    }
    const known = byPath.get(entry.path);
    if (known && (known.kind === 'folder') !== (entry.kind === 'folder'))
      throw refusal(entry.path, `it is a ${known.kind} already`);
    byPath.set(entry.path, entry);
  }
  return [...byPath.values()];
}

function refusal(path: string, because: string): RangeError {
  return new RangeError(`Cannot put "${path}" in a cpio archive: ${because}`);
}

function recordOf(entry: AnyEntry, inode: number): Record {
  switch (entry.kind) {
    case 'folder':
      return record(inode, MODE.folder, entry.path, new Uint8Array());
    case 'file':
      return record(inode, entry.executable ? MODE.program : MODE.file, entry.path, entry.bytes);
    case 'content':
      return record(inode, entry.executable ? MODE.program : MODE.file, entry.path, entry.size);
    case 'link':
      return record(inode, MODE.link, entry.path, utf8.encode(entry.target));
    default:
      return entry satisfies never;
  }
}

const utf8 = new TextEncoder();

interface Record {
  /** The header, and the name behind it. */
  readonly head: Uint8Array;
  /** Or how many bytes there are to be. */
  readonly data: Uint8Array | number;
}

function record(inode: number, mode: number, name: string, data: Uint8Array | number): Record {
  const nameBytes = utf8.encode(`${name}\0`);
  const length = typeof data === 'number' ? data : data.length;
  if (nameBytes.length > MAX_NAME_BYTES + 1)
    throw refusal(name, `its path has ${nameBytes.length - 1} bytes, the limit is ${MAX_NAME_BYTES}`);
  if (length > MAX_FILE_BYTES) throw refusal(name, `it has ${length} bytes`);
  const fields = [inode, mode, 0, 0, 1, 0, length, 0, 0, 0, 0, nameBytes.length, 0];
  const header = utf8.encode(
    MAGIC + fields.map((field) => field.toString(16).toUpperCase().padStart(8, '0')).join(''),
  );
  const head = new Uint8Array(header.length + nameBytes.length);
  head.set(header);
  head.set(nameBytes, header.length);
  return { head, data };
}

function paddingTo(border: number, length: number): number {
  return (border - (length % border)) % border;
}
