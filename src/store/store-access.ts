import type { Kysely } from 'kysely';
import type { Database } from './database.ts';

/** What the queries need of a database; what differs between databases is behind it. */
export interface StoreAccess {
  /** For single statements, which are atomic by themselves. */
  readonly db: Kysely<Database>;
  /**
   * Runs `work` in one transaction, as if no other ran beside it, and resolves when it is on disk; when `work`
   * rejects, nothing was written. A database may run `work` again after a conflict, so it must do nothing but
   * queries, and all of them through `trx`: `db` would wait for the transaction to end.
   */
  readonly write: <T>(work: (trx: Kysely<Database>) => Promise<T>) => Promise<T>;
}
