import type { Kysely } from 'kysely';
import type { Database } from './database.ts';
import type { JsonText } from './row-values.ts';

/** What the queries need of a database; what differs between databases is behind it. */
export interface StoreAccess {
  /** For single statements that write, which are atomic by themselves. */
  readonly db: SingleWrites;
  /**
   * For all that is only read: it sees all that a promise resolved for, and does not wait for what is being written. Where
   * writes come without a break, the others wait for the disk.
   */
  readonly reading: Kysely<Database>;
  /**
   * Runs `work` in one transaction, as if no other ran beside it, and resolves when it is on disk; when `work`
   * rejects, nothing was written. A database may run `work` again after a conflict, so it must do nothing but
   * queries, and all of them through `trx`: `db` would wait for the transaction to end.
   */
  readonly write: <T>(work: (trx: Kysely<Database>) => Promise<T>) => Promise<T>;
  /**
   * Constant statements over many rows at once, in one transaction: for what comes thousands of times a second.
   * In order with everything that was asked before.
   *
   * @param survives what is sure not to undo it from when it is resolved.
   * @returns the rows each statement gives.
   */
  readonly batch: (steps: readonly BatchStep[], survives: Survives) => Promise<readonly BatchRows[]>;
}

/** What the connection that writes is for; reads would wait there for no reason, so it has none. */
export type SingleWrites = Pick<Kysely<Database>, 'insertInto' | 'updateTable' | 'deleteFrom'>;

/** To survive a power failure, a commit waits for the disk. */
export type Survives = 'power failure' | 'killed process';

export type BatchRows = readonly Readonly<Record<string, unknown>>[];

/** One statement of a batch, and the value it takes: plain JSON. Those of rows take a list of rows. */
export interface BatchStep {
  readonly name: BatchName;
  readonly value: unknown;
  /** For rows that end with a column of JSON text: its value for each, null where there is none. */
  readonly lastColumn?: readonly (JsonText<unknown> | null)[];
}

/**
 * The statements of batches; each database has its own words for them, and its own way to take JSON apart. Rows are
 * lists whose order is given here.
 *
 * - `subnetsGone`: names of subnets; gives `name` of each that is not there.
 * - `putLeases`: [address, address_number, subnet, client_key, mac, uuid, hostname, vendor_class, state,
 *   started_at_ms, expires_at_ms], in place of what is there for the address; those of subnets that are gone are
 *   left out.
 * - `leasePage`: [address_number, limit]; gives one row: `leases`, a JSON list of lists as `putLeases` takes them
 *   but without the number, of at most so many leases behind that address, in order, and `last`, the last address.
 * - `shiftLeases`: milliseconds that are added to both times of every lease.
 * - `putClock`: [boot_id, uptime_ms, wall_ms], in place of the one that is there.
 * - `countEvents`: how many; takes as many numbers of the counter, gives the last as `value`.
 * - `addEvents`: [to_last, at_ms, kind, text, because, machine_id, mac, install_id], and `data` as its last column;
 *   `to_last` is how far its number is from the last that was just counted.
 * - `machinesGone`: ids of machines; gives `id` of each that is not there.
 * - `putFacts`: [machine_id, source, at_ms], and `facts` as its last column, in place of what is there of that source;
 *   those of machines that are gone are left out.
 */
export type BatchName =
  | 'subnetsGone'
  | 'leasePage'
  | 'putLeases'
  | 'shiftLeases'
  | 'putClock'
  | 'countEvents'
  | 'addEvents'
  | 'machinesGone'
  | 'putFacts';
