import type { Kysely, Migration } from 'kysely';
import type { ColumnTypes } from '../column-types.ts';

/** What is told of events, how far each is in the timeline, and what came of the last deliveries. */
export function hooks({ text, wholeNumber, tableEnd }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('hooks')
        .addColumn('name', text, (column) => column.notNull())
        .addColumn('events', text, (column) => column.notNull())
        .addColumn('machines', text)
        .addColumn('target', text, (column) => column.notNull())
        .addColumn('mode', text, (column) => column.notNull())
        .addColumn('secret', text)
        .addColumn('position', wholeNumber, (column) => column.notNull())
        .addColumn('created_at_ms', wholeNumber, (column) => column.notNull())
        .addPrimaryKeyConstraint('hooks_pk', ['name'])
        .modifyEnd(tableEnd)
        .execute();
      await db.schema
        .createTable('hook_deliveries')
        .addColumn('hook', text, (column) => column.notNull())
        .addColumn('event_id', wholeNumber, (column) => column.notNull())
        .addColumn('kind', text, (column) => column.notNull())
        .addColumn('state', text, (column) => column.notNull())
        .addColumn('attempts', wholeNumber, (column) => column.notNull())
        .addColumn('first_at_ms', wholeNumber, (column) => column.notNull())
        .addColumn('last_at_ms', wholeNumber, (column) => column.notNull())
        .addColumn('result', text, (column) => column.notNull())
        .addPrimaryKeyConstraint('hook_deliveries_pk', ['hook', 'event_id'])
        .addForeignKeyConstraint('hook_deliveries_of', ['hook'], 'hooks', ['name'], (key) =>
          key.onDelete('cascade'),
        )
        .modifyEnd(tableEnd)
        .execute();
    },
  };
}
