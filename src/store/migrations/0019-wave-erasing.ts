import { type Kysely, type Migration, sql } from 'kysely';
import type { ColumnTypes } from '../column-types.ts';

/** Whether somebody confirmed what a wave erases. Of those from before nobody knows what was known then. */
export function waveErasing({ text }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .alterTable('waves')
        .addColumn('erasing', text, (column) => column.notNull().defaultTo(sql.lit('asked')))
        .execute();
    },
  };
}
