import type { Kysely, Migration } from 'kysely';

/**
 * All leases are in memory while Muster runs, and are found there by client and MAC address. On disk those two
 * indexes only made each group of leases write more pages.
 */
export function fewerLeaseIndexes(): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema.dropIndex('leases_by_client').execute();
      await db.schema.dropIndex('leases_by_mac').execute();
    },
  };
}
