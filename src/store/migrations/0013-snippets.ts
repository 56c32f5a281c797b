import type { Kysely, Migration } from 'kysely';
import type { ColumnTypes } from '../column-types.ts';

/** Pieces of text that templates of answer files include by name. */
export function snippets({ text, tableEnd }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('snippets')
        .addColumn('name', text, (column) => column.notNull())
        .addColumn('text', text, (column) => column.notNull())
        .addPrimaryKeyConstraint('snippets_pk', ['name'])
        .modifyEnd(tableEnd)
        .execute();
    },
  };
}
