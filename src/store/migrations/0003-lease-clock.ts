import type { Kysely, Migration } from 'kysely';
import type { ColumnTypes } from '../column-types.ts';

/** What the clocks said when leases were last written: how a jump of the wall clock is noticed after a restart. */
export function leaseClock(types: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('clocks')
        .addColumn('name', types.text, (column) => column.notNull())
        .addColumn('boot_id', types.text, (column) => column.notNull())
        .addColumn('uptime_ms', types.wholeNumber, (column) => column.notNull())
        .addColumn('wall_ms', types.wholeNumber, (column) => column.notNull())
        .addPrimaryKeyConstraint('clocks_pk', ['name'])
        .modifyEnd(types.tableEnd)
        .execute();
    },
  };
}
