import type { Kysely, Migration } from 'kysely';
import type { ColumnTypes } from '../column-types.ts';

/** Package repositories elsewhere that are served to machines. What is kept of them is files, and not in here. */
export function packageMirrors({ text, wholeNumber, tableEnd }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('mirrors')
        .addColumn('name', text, (column) => column.notNull())
        .addColumn('url', text, (column) => column.notNull())
        .addColumn('kind', text, (column) => column.notNull())
        .addColumn('max_bytes', wholeNumber, (column) => column.notNull())
        .addColumn('mode', text, (column) => column.notNull())
        .addColumn('added_at_ms', wholeNumber, (column) => column.notNull())
        .addPrimaryKeyConstraint('mirrors_pk', ['name'])
        .modifyEnd(tableEnd)
        .execute();
    },
  };
}
