import type { z } from 'zod';
import { check } from '../../contract/issues.ts';
import { ImportRow } from '../../contract/machine-import-schemas.ts';
import type { Machine } from '../../contract/machine-schemas.ts';

/** What files of machines have in common, whichever form they are in. */

export type WireMachine = z.output<typeof Machine>;
export type WireRow = z.input<typeof ImportRow>;

/** Of a line and a column of the file, from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface FileError extends Place {
  readonly message: string;
}

/** One machine as the file tells it. */
export interface FileRow {
  readonly input: WireRow;
  /** Where the value of a field stands; of the field `name`, or the whole row, where the path is empty. */
  readonly placeOf: (path: string) => Place;
}

export interface FileContent {
  readonly rows: readonly FileRow[];
  readonly errors: readonly FileError[];
}

/** A row that fits, or every reason why it does not, each at its place. */
export function checkedRow(input: unknown, placeOf: FileRow['placeOf']): FileContent {
  const checked = check(ImportRow, input);
  // What was checked is what is sent, which the server checks once more.
  if (checked.fits) return { rows: [{ input: input as WireRow, placeOf }], errors: [] };
  return {
    rows: [],
    errors: checked.issues.map(({ path, message }) => ({
      ...placeOf(path),
      message: path === '' ? message : `${path}: ${message}`,
    })),
  };
}
