import { DecodeError } from '../../lib/decode-error.ts';
import type { Proof } from './proof.ts';

/** Told of each file that a list names: its path from the root of the mirror. */
export type Found = (path: string, proof: Proof) => void;

/** Reads a list that comes in pieces of any size. */
export interface ListReader {
  /** @throws DecodeError where it cannot be such a list. */
  push(text: string): void;
  end(): void;
}

/** Characters of one line or one element: descriptions of packages have some thousand. */
const MAX_ROW = 1_048_576;

/** Cuts text into rows at a mark; the mark is in none of them. */
export function rowsAt(mark: string, onRow: (row: string) => void): ListReader {
  let rest = '';
  let read = 0;
  return {
    push(text) {
      const rows = (rest + text).split(mark);
      rest = rows.pop() ?? '';
      for (const row of rows) {
        onRow(row);
        read += row.length + mark.length;
      }
      if (rest.length > MAX_ROW)
        throw new DecodeError(`A line of the index has more than ${MAX_ROW} characters`, read);
    },
    end() {
      if (rest !== '') onRow(rest);
      rest = '';
    },
  };
}

/**
 * A path that a list names, from the root of the mirror; undefined where it leads out of it.
 *
 * @param base the folder it is relative to, with a slash at its end.
 */
export function listedPath(base: string, path: string): string | undefined {
  const parts: string[] = [];
  for (const part of `${base}${path}`.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.length === 0 ? undefined : parts.join('/');
}
