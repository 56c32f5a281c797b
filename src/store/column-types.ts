import type { RawBuilder } from 'kysely';

/** How a database writes the column types of the migrations: the only thing in which those differ. */
export interface ColumnTypes {
  /** Text that compares and sorts by its bytes, whatever the language of the server. */
  readonly text: RawBuilder<unknown>;
  /** Whole numbers up to 2^53. */
  readonly wholeNumber: RawBuilder<unknown>;
  readonly fraction: RawBuilder<unknown>;
  /** Ends each CREATE TABLE. */
  readonly tableEnd: RawBuilder<unknown>;
}
