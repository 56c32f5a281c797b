import type { Kysely, Migration } from 'kysely';
import type { ColumnTypes } from '../column-types.ts';

/** Machines chosen by their labels. SQL has a word `groups` of its own. */
export function groups({ text, wholeNumber, tableEnd }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('machine_groups')
        .addColumn('name', text, (column) => column.notNull())
        .addColumn('selector', text, (column) => column.notNull())
        .addColumn('priority', wholeNumber, (column) => column.notNull())
        .addColumn('profile', text)
        .addColumn('arguments', text, (column) => column.notNull())
        .addColumn('variables', text, (column) => column.notNull())
        .addPrimaryKeyConstraint('machine_groups_pk', ['name'])
        .modifyEnd(tableEnd)
        .execute();
    },
  };
}
