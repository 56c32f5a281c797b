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

const MAGIC = '070701';
const LAST_NAME = 'TRAILER!!!';
const MODE = { folder: 0o040755, file: 0o100644, program: 0o100755, link: 0o120777 } as const;

/**
 * The archive of the entries, owned by root and dated 1970 so that equal input gives equal bytes. Folders that a
 * path runs through are made on the way.
 *
 * @throws RangeError for a path that is absolute, empty or climbs.
 */
export function encodeCpio(entries: readonly CpioEntry[]): Buffer {
  const complete = withFolders(entries);
  const parts = complete.flatMap((entry, index) => encodeEntry(entry, index + 1));
  parts.push(...record(0, 0, LAST_NAME, new Uint8Array()));
  return Buffer.concat(parts);
}

function withFolders(entries: readonly CpioEntry[]): readonly CpioEntry[] {
  const byPath = new Map<string, CpioEntry>();
  for (const entry of entries) {
    const names = entry.path.split('/');
    if (names.some((name) => name === '' || name === '.' || name === '..')) {
      throw new RangeError(
        `Cannot put "${entry.path}" in a cpio archive: its path must be relative and plain`,
      );
    }
    for (let depth = 1; depth < names.length; depth += 1) {
      const path = names.slice(0, depth).join('/');
      if (!byPath.has(path)) byPath.set(path, { kind: 'folder', path });
    }
    byPath.set(entry.path, entry);
  }
  return [...byPath.values()];
}

function encodeEntry(entry: CpioEntry, inode: number): readonly Uint8Array[] {
  switch (entry.kind) {
    case 'folder':
      return record(inode, MODE.folder, entry.path, new Uint8Array());
    case 'file':
      return record(inode, entry.executable ? MODE.program : MODE.file, entry.path, entry.bytes);
    case 'link':
      return record(inode, MODE.link, entry.path, Buffer.from(entry.target));
    default:
      return entry satisfies never;
  }
}

function record(inode: number, mode: number, name: string, data: Uint8Array): Uint8Array[] {
  const nameBytes = Buffer.from(`${name}\0`);
  const fields = [inode, mode, 0, 0, 1, 0, data.length, 0, 0, 0, 0, nameBytes.length, 0];
  const header = MAGIC + fields.map((field) => field.toString(16).toUpperCase().padStart(8, '0')).join('');
  const head = Buffer.concat([Buffer.from(header), nameBytes]);
  return [head, padding(head.length), data, padding(data.length)];
}

function padding(length: number): Uint8Array {
  return new Uint8Array(-length & 3);
}
