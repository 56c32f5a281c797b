import { StoreError, type StoreErrorKind } from '../store-error.ts';

interface ErrorRow {
  readonly kind: StoreErrorKind;
  readonly problem: string;
  readonly advice: string;
}

/** The result codes that a user can do something about (https://www.sqlite.org/rescode.html). All others are ours. */
const ERRORS: Readonly<Record<number, ErrorRow>> = {
  5: {
    kind: 'busy',
    problem: 'Another program is writing to the database',
    advice: 'see whether a second Muster uses the same data folder, and stop it',
  },
  8: {
    kind: 'cannot write',
    problem: 'The database cannot be written',
    advice:
      'let the user that runs Muster write the file and its folder, and see whether the disk is read-only',
  },
  10: {
    kind: 'cannot write',
    problem: 'The disk failed while the database was read or written',
    advice: 'look at the kernel log for the disk',
  },
  11: {
    kind: 'damaged',
    problem: 'The database is damaged',
    advice: 'stop Muster and restore the database from a backup',
  },
  13: {
    kind: 'disk full',
    problem: 'The disk is full',
    advice: 'make room where the database is',
  },
  14: {
    kind: 'cannot write',
    problem: 'The database cannot be opened',
    advice: 'let the user that runs Muster read and write the file and its folder',
  },
  26: {
    kind: 'damaged',
    problem: 'The database is damaged',
    advice: 'stop Muster and restore the database from a backup',
  },
};

/** What SQLite threw as a `StoreError` where a user can do something about it; all else as it came. */
export function readableSqliteError(error: unknown, path: string): unknown {
  const code = resultCode(error);
  const row = code === undefined ? undefined : ERRORS[code];
  if (!row) return error;
  return new StoreError(row.kind, `${row.problem} (${path})`, row.advice, { cause: error });
}

/** Runs `work` with its errors made readable. */
export function withReadableErrors<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw readableSqliteError(error, path);
  }
}

/** The primary result code: the low byte of the extended one, which Node gives as `errcode`. */
function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number')
    return undefined;
  return error.errcode & 0xff;
}
