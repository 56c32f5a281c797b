import { sql } from 'kysely';
import type { ColumnTypes } from '../column-types.ts';

/** STRICT tables refuse a value of another type, where SQLite would otherwise store whatever it is given. */
export const SQLITE_COLUMN_TYPES: ColumnTypes = {
  text: sql`text`,
  wholeNumber: sql`integer`,
  fraction: sql`real`,
  tableEnd: sql`strict`,
};
