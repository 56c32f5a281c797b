/**
 * Archives of tar, written: the header block of POSIX.1-1988 (ustar), which every tar reads. Owner is root, times are
 * zero, so that the same entries give the same bytes.
 */

export type TarEntry =
  | {
      readonly kind: 'file';
      /** Relative, with `/` between; at most 100 bytes. */
      readonly path: string;
      readonly bytes: Uint8Array;
      readonly mode: number;
    }
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'link'; readonly path: string; readonly target: string };

const BLOCK = 512;
/** What the fields `name` and `linkname` hold. */
const MAX_NAME_BYTES = 100;
const MODES = { folder: 0o755, link: 0o777 } as const;
const TYPES = { file: '0', folder: '5', link: '2' } as const;

/** @throws RangeError for a name that the header has no room for. */
export function writeTar(entries: readonly TarEntry[]): Uint8Array {
  const parts = entries.flatMap((entry) => {
    const bytes = entry.kind === 'file' ? entry.bytes : new Uint8Array();
    return [header(entry, bytes.length), padded(bytes)];
  });
  // Two blocks of zeros are the end.
  const length = parts.reduce((sum, part) => sum + part.length, 2 * BLOCK);
  const archive = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    archive.set(part, offset);
    offset += part.length;
  }
  return archive;
}

function header(entry: TarEntry, size: number): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const put = (offset: number, text: string): void => block.set(new TextEncoder().encode(text), offset);
  const name = entry.kind === 'folder' ? `${entry.path}/` : entry.path;
  const target = entry.kind === 'link' ? entry.target : '';
  for (const text of [name, target]) {
    if (new TextEncoder().encode(text).length > MAX_NAME_BYTES || text.includes('\0')) {
      throw new RangeError(`Cannot put "${text}" in an archive: it may have ${MAX_NAME_BYTES} bytes`);
    }
  }
  put(0, name);
  put(100, octal(entry.kind === 'file' ? entry.mode : MODES[entry.kind], 7));
  put(108, octal(0, 7)); // user
  put(116, octal(0, 7)); // group
  put(124, octal(size, 11));
  put(136, octal(0, 11)); // time
  put(148, ' '.repeat(8)); // the sum is taken with spaces in its place
  put(156, TYPES[entry.kind]);
  put(157, target);
  put(257, 'ustar\x0000');
  put(265, 'root');
  put(297, 'root');
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(148, `${octal(sum, 6)}\0 `);
  return block;
}

/** Digits with zeros before them; a byte of zero follows in the field. */
function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}

function padded(bytes: Uint8Array): Uint8Array {
  const block = new Uint8Array(Math.ceil(bytes.length / BLOCK) * BLOCK);
  block.set(bytes);
  return block;
}
