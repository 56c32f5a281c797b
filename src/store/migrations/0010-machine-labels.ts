import type { Kysely, Migration } from 'kysely';
import type { ColumnTypes } from '../column-types.ts';

/** Labels by which machines are chosen, and what else they are known by; those from before have none. */
export function machineLabels({ text }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .alterTable('machines')
        .addColumn('labels', text, (column) => column.notNull().defaultTo('{}'))
        .execute();
      for (const column of ['serial', 'asset_tag', 'circuit_id', 'remote_id'])
        await db.schema.alterTable('machines').addColumn(column, text).execute();
    },
  };
}
