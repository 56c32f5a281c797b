import type { Kysely, Migration } from 'kysely';
import type { ColumnTypes } from '../column-types.ts';

/** How the clients of a subnet are treated; a subnet from before has all as it is by default. */
export function subnetRules({ text }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .alterTable('subnets')
        .addColumn('rules', text, (column) => column.notNull().defaultTo('{}'))
        .execute();
    },
  };
}
