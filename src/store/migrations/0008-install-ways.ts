import type { Kysely, Migration } from 'kysely';
import type { ColumnTypes } from '../column-types.ts';

/**
 * Over what a machine or a profile wants the tree of an image, how much memory a machine has, and whether that is
 * looked at. Those from before leave it to the image.
 */
export function installWays({ text, wholeNumber }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      for (const table of ['machines', 'profiles']) {
        for (const column of ['source', 'memory_check'])
          await db.schema.alterTable(table).addColumn(column, text).execute();
      }
      await db.schema.alterTable('machines').addColumn('memory_megabytes', wholeNumber).execute();
    },
  };
}
