import type { Survives } from '../store-access.ts';
import type { StoreErrorKind } from '../store-error.ts';
import type { SqliteRow, SqliteValue } from './sqlite-module.ts';

/** One statement with its values. */
export interface ThreadStatement {
  readonly sql: string;
  readonly values: readonly SqliteValue[];
}

/** One statement that is run for each row of a JSON list of lists: a string crosses between threads cheapest. */
export interface ThreadRows {
  readonly sql: string;
  readonly rows: string;
  /**
   * One more value for each row, which is JSON text itself and so has no line break: a line for each, empty for null.
   * Inside `rows` all its quotation marks would be escaped, and read again.
   */
  readonly lastColumn: string | undefined;
}

/**
 * How a file was found: it is new, it is ours and is looked through first, or it is open already and only read over this
 * connection.
 */
export type FoundDatabase = 'new' | 'ours' | 'reader';

/** What the main thread asks of the thread of the databases. */
export type ThreadRequest =
  | { readonly do: 'open'; readonly path: string; readonly found: FoundDatabase }
  | (ThreadStatement & { readonly do: 'run'; readonly gives: 'rows' | 'changes' })
  /** All in one transaction, or none of them. */
  | {
      readonly do: 'batch';
      readonly statements: readonly (ThreadStatement | ThreadRows)[];
      readonly survives: Survives;
    }
  | { readonly do: 'close' };

export interface ThreadResults {
  readonly open: undefined;
  readonly run: { readonly rows: readonly SqliteRow[]; readonly changes: number };
  /** The rows of each statement. */
  readonly batch: readonly (readonly SqliteRow[])[];
  readonly close: undefined;
}

/** An error as it crosses between threads: structured cloning would leave out all but its message. */
export interface ThreadFailure {
  readonly error: Error;
  /** Where it is a `StoreError`. */
  readonly store?: { readonly kind: StoreErrorKind; readonly problem: string; readonly advice: string };
  /** What Node and SQLite call it (`ERR_SQLITE_ERROR`, 2067). */
  readonly codes: { readonly code?: string; readonly errcode?: number };
}

/** Requests are numbered by who asks; `database` too, since the thread has several in tests. */
export interface NumberedRequest {
  readonly id: number;
  readonly database: number;
  readonly request: ThreadRequest;
}

export type NumberedReply =
  | { readonly id: number; readonly result: ThreadResults[keyof ThreadResults] }
  | { readonly id: number; readonly failure: ThreadFailure };
