import type { Kysely, Migration } from 'kysely';
import type { ColumnTypes } from '../column-types.ts';

/** Requests that must not be done twice, and what they were answered. */
export function requestKeys({ text, wholeNumber, tableEnd }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('request_keys')
        .addColumn('key_hash', text, (column) => column.notNull())
        .addColumn('fingerprint', text, (column) => column.notNull())
        .addColumn('begun_at_ms', wholeNumber, (column) => column.notNull())
        .addColumn('answer', text)
        .addPrimaryKeyConstraint('request_keys_pk', ['key_hash'])
        .modifyEnd(tableEnd)
        .execute();
      await db.schema
        .createIndex('request_keys_by_time')
        .on('request_keys')
        .columns(['begun_at_ms', 'key_hash'])
        .execute();
    },
  };
}
