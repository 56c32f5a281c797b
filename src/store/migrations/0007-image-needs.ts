import type { Kysely, Migration } from 'kysely';
import type { ColumnTypes } from '../column-types.ts';

/**
 * How much memory an image's boot takes, what it still needs before it boots, what its user chose, and how its files
 * are; what its user does not
 * want to be one; and disc images on their way. Images from before tell nothing; one tells its own when it is looked into again.
 */
export function imageNeeds({ text }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      for (const name of ['memory_megabytes', 'chosen'])
        await db.schema
          .alterTable('images')
          .addColumn(name, text, (column) => column.notNull().defaultTo('{}'))
          .execute();
      for (const name of ['needs', 'condition'])
        await db.schema.alterTable('images').addColumn(name, text).execute();
      await db.schema
        .createTable('images_aside')
        .addColumn('folder', text, (column) => column.primaryKey())
        .addColumn('signature', text, (column) => column.notNull())
        .execute();
      await db.schema
        .createTable('arrivals')
        .addColumn('name', text, (column) => column.primaryKey())
        .addColumn('record', text, (column) => column.notNull())
        .execute();
    },
  };
}
