import { StoreError } from './store-error.ts';

declare const holds: unique symbol;

/** A text column that holds `T` as JSON; only `toJson` makes one. */
export type JsonText<T> = string & { readonly [holds]: T };

export function toJson<T>(value: T): JsonText<T> {
  return JSON.stringify(value) as JsonText<T>;
}

/** @throws StoreError when the column does not hold JSON, which Muster never writes. */
export function fromJson<T>(text: JsonText<T>): T {
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new StoreError(
      'damaged',
      `A column of the database does not hold JSON: ${text.slice(0, MAX_SHOWN)}`,
      'restore the database from a backup',
      { cause },
    );
  }
}

/** Letters of a damaged column that an error shows at most. */
const MAX_SHOWN = 60;

/** A row with the columns that are null left out: what an optional field of a record is. */
export type NullsAbsent<Row> = {
  -readonly [K in keyof Row as null extends Row[K] ? never : K]: Row[K];
} & {
  -readonly [K in keyof Row as null extends Row[K] ? K : never]?: Exclude<Row[K], null>;
};

export function nullsAbsent<Row extends object>(row: Row): NullsAbsent<Row> {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as NullsAbsent<Row>;
}

/**
 * A number of rows for LIMIT. Databases read a negative one or infinity each in its own way, so those are refused.
 *
 * @throws RangeError for anything but a whole number from 0.
 */
export function rowLimit(limit: number): number {
  if (!Number.isSafeInteger(limit) || limit < 0) {
    throw new RangeError(`Cannot read ${limit} rows: a whole number from 0 is wanted`);
  }
  return limit;
}
