import { StoreError, type StoreErrorKind } from '../store-error.ts';

interface ErrorRow {
  readonly kind: StoreErrorKind;
  /** What `sqlite3_errstr` gives for the code. */
  readonly sqliteSays: string;
  readonly problem: string;
  readonly advice: string;
}

/** The result codes that a user can do something about (https://www.sqlite.org/rescode.html). All others are ours. */
const ERRORS: Readonly<Record<number, ErrorRow>> = {
  5: {
    kind: 'busy',
    sqliteSays: 'database is locked',
    problem: 'Another program is writing to the database',
    advice: 'see whether a second Muster uses the same data folder, and stop it',
  },
  8: {
    kind: 'cannot write',
    sqliteSays: 'attempt to write a readonly database',
    problem: 'The database cannot be written',
    advice:
      'let the user that runs Muster write the file and its folder, and see whether the disk is read-only',
  },
  10: {
    kind: 'cannot write',
    sqliteSays: 'disk I/O error',
    problem: 'The disk failed while the database was read or written',
    advice: 'look at the kernel log for the disk',
  },
  11: {
    kind: 'damaged',
    sqliteSays: 'database disk image is malformed',
    problem: 'The database is damaged',
    advice: 'stop Muster and restore the database from a backup',
  },
  13: {
    kind: 'disk full',
    sqliteSays: 'database or disk is full',
    problem: 'The disk is full',
    advice: 'make room where the database is',
  },
  14: {
    kind: 'cannot write',
    sqliteSays: 'unable to open database file',
    problem: 'The database cannot be opened',
    advice: 'let the user that runs Muster read and write the file and its folder',
  },
  26: {
    kind: 'damaged',
    sqliteSays: 'file is not a database',
    problem: 'The database is damaged',
    advice: 'stop Muster and restore the database from a backup',
  },
};

/** What SQLite threw as a `StoreError` where a user can do something about it; all else as it came. */
export function readableSqliteError(error: unknown, path: string): unknown {
  const row = error instanceof Error ? rowOf(error) : undefined;
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

/**
 * By the primary result code, the low byte of the extended one that Node gives as `errcode`. The package leaves the
 * code out where a statement fails while its rows are read (seen with 1.2.1), and says only the text.
 */
function rowOf(error: Error): ErrorRow | undefined {
  if (!('code' in error) || error.code !== 'ERR_SQLITE_ERROR') return undefined;
  if ('errcode' in error && typeof error.errcode === 'number') return ERRORS[error.errcode & 0xff];
  return Object.values(ERRORS).find((row) => error.message === row.sqliteSays);
}
