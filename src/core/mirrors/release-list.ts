import { type Found, type ListReader, listedPath, rowsAt } from './list-reader.ts';
import { makeProof } from './proof.ts';

/** Sections of a Release file that list indexes; all of them list the same files, and one is enough. */
const SECTIONS: Readonly<Record<string, string>> = {
  'SHA256:': 'sha256',
  'SHA512:': 'sha512',
  'SHA1:': 'sha1',
};

/**
 * `Release`, and `InRelease`, which is the same text between the lines of a signature. Lines of a section begin with a
 * blank: digest, bytes, path from the folder of the file.
 *
 * @param folder the one that it is in, with a slash at its end.
 */
export function readRelease(folder: string, found: Found): ListReader {
  let algorithm: string | undefined;
  return rowsAt('\n', (row) => {
    if (!row.startsWith(' ')) {
      algorithm = SECTIONS[row.trim()];
      return;
    }
    if (algorithm === undefined) return;
    const [hex = '', bytes = '', name = ''] = row.trim().split(/\s+/);
    const proof = /^\d{1,15}$/.test(bytes) ? makeProof(algorithm, hex, Number(bytes)) : undefined;
    const path = listedPath(folder, name);
    if (proof !== undefined && path !== undefined && name !== '') found(path, proof);
  });
}

/** Whether the indexes have a second name that is their digest: `Acquire-By-Hash`. @param head the text of a Release. */
export function saysByHash(head: string): boolean {
  return /^Acquire-By-Hash:\s*yes\s*$/im.test(head);
}

/** The name by which an index is there as long as any Release may list it. */
export function byHashPath(path: string, algorithm: string, hex: string): string {
  return `${path.slice(0, path.lastIndexOf('/') + 1)}by-hash/${algorithm.toUpperCase()}/${hex}`;
}
