import type { Kysely, Migration } from 'kysely';
import type { ColumnTypes } from '../column-types.ts';

/**
 * What an image's family found in it and says again on the kernel's command line. Those from before have none; an
 * image tells its own when it is added again.
 */
export function imageFacts({ text }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .alterTable('images')
        .addColumn('facts', text, (column) => column.notNull().defaultTo('{}'))
        .execute();
    },
  };
}
