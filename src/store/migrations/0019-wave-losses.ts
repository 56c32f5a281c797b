import type { Kysely, Migration } from 'kysely';
import type { ColumnTypes } from '../column-types.ts';

/** What somebody knew to be lost by each machine of a wave. Of those from before nobody knows what was known then. */
export function waveLosses({ text }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema.alterTable('wave_members').addColumn('confirmed', text).execute();
    },
  };
}
