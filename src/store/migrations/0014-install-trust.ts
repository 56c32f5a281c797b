import { type Kysely, type Migration, sql } from 'kysely';
import type { ColumnTypes } from '../column-types.ts';

/**
 * By what an install ended, which try of its arming it is, and the times it goes by, on a clock that is kept here too.
 * Those from before had one try and expire never.
 */
export function installTrust({ text, wholeNumber }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      for (const column of ['cause', 'retry_of', 'boot_address'])
        await db.schema.alterTable('installs').addColumn(column, text).execute();
      for (const column of ['attempt', 'attempts']) {
        await db.schema
          .alterTable('installs')
          .addColumn(column, wholeNumber, (definition) => definition.notNull().defaultTo(sql.lit(1)))
          .execute();
      }
      for (const column of ['expires', 'booted', 'answered', 'reported'])
        await db.schema.alterTable('installs').addColumn(`${column}_steady_ms`, wholeNumber).execute();
      await db.schema.alterTable('clocks').addColumn('steady_ms', wholeNumber).execute();
    },
  };
}
