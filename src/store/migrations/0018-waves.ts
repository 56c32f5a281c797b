import type { Kysely, Migration } from 'kysely';
import type { ColumnTypes } from '../column-types.ts';

/** Many installs of which only so many are under way at one time. */
export function waves({ text, wholeNumber, tableEnd }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('waves')
        .addColumn('name', text, (column) => column.notNull())
        .addColumn('profile', text, (column) => column.notNull())
        .addColumn('budget', text, (column) => column.notNull())
        .addColumn('jitter_seconds', wholeNumber, (column) => column.notNull())
        .addColumn('power', text, (column) => column.notNull())
        .addColumn('state', text, (column) => column.notNull())
        .addColumn('created_at_ms', wholeNumber, (column) => column.notNull())
        .addColumn('changed_at_ms', wholeNumber, (column) => column.notNull())
        .addColumn('because', text)
        .addPrimaryKeyConstraint('waves_pk', ['name'])
        .modifyEnd(tableEnd)
        .execute();
      await db.schema
        .createTable('wave_members')
        .addColumn('wave', text, (column) => column.notNull())
        .addColumn('machine_id', text, (column) => column.notNull())
        .addColumn('position', wholeNumber, (column) => column.notNull())
        .addColumn('state', text, (column) => column.notNull())
        .addColumn('install_id', text)
        .addColumn('started_at_ms', wholeNumber)
        .addColumn('ended_at_ms', wholeNumber)
        .addColumn('because', text)
        .addPrimaryKeyConstraint('wave_members_pk', ['wave', 'machine_id'])
        .addForeignKeyConstraint('wave_members_of', ['wave'], 'waves', ['name'], (key) =>
          key.onDelete('cascade'),
        )
        .addForeignKeyConstraint('wave_members_machine', ['machine_id'], 'machines', ['id'], (key) =>
          key.onDelete('cascade'),
        )
        .modifyEnd(tableEnd)
        .execute();
      await db.schema
        .createIndex('wave_members_by_machine')
        .on('wave_members')
        .column('machine_id')
        .execute();
    },
  };
}
