import type { Kysely, Migration } from 'kysely';
import type { ColumnTypes } from '../column-types.ts';

/** How the power of machines is reached, and what was last seen of it. */
export function machinePower({ text, wholeNumber, tableEnd }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('machine_power')
        .addColumn('machine_id', text, (column) => column.notNull())
        .addColumn('settings', text, (column) => column.notNull())
        .addColumn('secret', text)
        .addColumn('set_at_ms', wholeNumber, (column) => column.notNull())
        .addColumn('state', text)
        .addColumn('state_at_ms', wholeNumber)
        .addColumn('trouble', text)
        .addPrimaryKeyConstraint('machine_power_pk', ['machine_id'])
        .addForeignKeyConstraint('machine_power_of', ['machine_id'], 'machines', ['id'], (key) =>
          key.onDelete('cascade'),
        )
        .modifyEnd(tableEnd)
        .execute();
    },
  };
}
