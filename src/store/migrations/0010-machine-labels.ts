import type { Kysely, Migration } from 'kysely';
import type { ColumnTypes } from '../column-types.ts';

/** Labels by which machines are chosen; those from before have none. */
export function machineLabels({ text }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .alterTable('machines')
        .addColumn('labels', text, (column) => column.notNull().defaultTo('{}'))
        .execute();
    },
  };
}
