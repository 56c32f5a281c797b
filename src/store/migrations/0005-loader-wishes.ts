import type { Kysely, Migration } from 'kysely';
import type { ColumnTypes } from '../column-types.ts';

/**
 * The chain of loaders that a machine or a profile wishes for, and the loaders that an image brings along. Those from
 * before have none; an image tells its own when it is added again.
 */
export function loaderWishes({ text }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      for (const table of ['machines', 'profiles'])
        await db.schema.alterTable(table).addColumn('loader', text).execute();
      await db.schema
        .alterTable('images')
        .addColumn('loaders', text, (column) => column.notNull().defaultTo('[]'))
        .execute();
    },
  };
}
