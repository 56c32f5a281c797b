import { StoreError } from '../store-error.ts';
import { APPLICATION_ID } from './database-file.ts';
import { withReadableErrors } from './sqlite-errors.ts';
import type { SqliteDatabase, SqliteModule } from './sqlite-module.ts';

/** How long a statement waits for another process that writes, in milliseconds. */
export const BUSY_TIMEOUT_MS = 5_000;
/** What the write-ahead log is cut back to after a checkpoint, in bytes. */
const LOG_BYTES = 64 * 1024 * 1024;
/**
 * Pages in the log before they are copied into the database, of 4 KiB: SQLite's own 1000 would copy the same pages
 * over and over while a room of machines boots.
 */
const CHECKPOINT_PAGES = 8_000;

/**
 * The connection over which everything is read and written, set so that what was committed is on disk.
 *
 * @throws StoreError when the file cannot be opened or its disk is none for a write-ahead log.
 */
export function openConnection(sqlite: SqliteModule, path: string): SqliteDatabase {
  return withReadableErrors(path, () => {
    const database = new sqlite.DatabaseSync(path);
    try {
      configure(database, path);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  });
}

function configure(database: SqliteDatabase, path: string): void {
  database.exec(`pragma busy_timeout = ${BUSY_TIMEOUT_MS}`);
  // Before WAL, so that it stands in the file itself and not in its log, where we look for it without SQLite.
  database.exec(`pragma application_id = ${APPLICATION_ID}`);
  const mode = database.prepare('pragma journal_mode = wal').all()[0]?.['journal_mode'];
  if (mode !== 'wal') {
    throw new StoreError(
      'cannot write',
      `The database ${path} is on a file system without shared memory (journal mode ${String(mode)})`,
      'name a data folder on a local disk',
    );
  }
  // FULL writes the log through to the disk at each commit; NORMAL, the usual choice with WAL, would lose the last ones.
  database.exec('pragma synchronous = full');
  database.exec('pragma foreign_keys = on');
  database.exec('pragma trusted_schema = off');
  database.exec(`pragma journal_size_limit = ${LOG_BYTES}`);
  database.exec(`pragma wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
}
