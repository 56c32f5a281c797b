import { Kysely, Migrator } from 'kysely';
import type { Stores } from '../../core/stores.ts';
import type { Database } from '../database.ts';
import { MIGRATION_NAMES, migrationProvider } from '../migrations/migration-provider.ts';
import { StoreError } from '../store-error.ts';
import { storesOver } from '../stores-over.ts';
import { SQLITE_COLUMN_TYPES } from './column-types.ts';
import { APPLICATION_ID, prepareDatabaseFile } from './database-file.ts';
import { NodeSqliteDriver, sqliteDialect } from './driver.ts';
import { withReadableErrors } from './sqlite-errors.ts';
import { loadSqliteModule, type SqliteDatabase, type SqliteModule } from './sqlite-module.ts';

/** How long a statement waits for another process that writes, in milliseconds. */
const BUSY_TIMEOUT_MS = 5_000;
/** What the write-ahead log is cut back to after a checkpoint, in bytes. */
const LOG_BYTES = 64 * 1024 * 1024;
/** Kysely's own; the rest of what it keeps is its business. */
const MIGRATION_TABLE = 'kysely_migration';
/** Too long to be read at each start, and less is lost with it. */
const UNCHECKED_TABLE = 'events';

/**
 * Opens the database in this file, or makes it; the folder must be there. Where a promise of the stores resolved,
 * what it wrote is on disk.
 *
 * @throws StoreError when there is no SQLite, or the file is not ours, damaged, of a newer Muster, or cannot be
 * written; the file is then as it was.
 */
export async function openSqliteStores(path: string): Promise<Stores> {
  const sqlite = await loadSqliteModule();
  const found = await prepareDatabaseFile(path);
  if (found === 'ours') expectSound(sqlite, path);
  const database = withReadableErrors(path, () => connect(sqlite, path));
  const driver = new NodeSqliteDriver(database, path);
  const db = new Kysely<Database>({ dialect: sqliteDialect(driver) });
  try {
    await migrate(db);
  } catch (error) {
    await driver.destroy();
    throw error;
  }
  return storesOver({ db, write: (work) => db.transaction().execute(work) }, () => driver.destroy());
}

/** Reads the database without the right to write, so that one we refuse is left as it is. */
function expectSound(sqlite: SqliteModule, path: string): void {
  withReadableErrors(path, () => {
    const database = new sqlite.DatabaseSync(path, { readOnly: true });
    try {
      database.exec(`pragma busy_timeout = ${BUSY_TIMEOUT_MS}`);
      const tables = database
        .prepare(`select name from sqlite_schema where type = 'table' order by name`)
        .all()
        .map((row) => String(row['name']));
      if (tables.includes(MIGRATION_TABLE)) expectKnownSchema(database, path);
      for (const table of tables) if (table !== UNCHECKED_TABLE) expectSoundTable(database, table, path);
    } finally {
      database.close();
    }
  });
}

function expectKnownSchema(database: SqliteDatabase, path: string): void {
  const done = database.prepare(`select name from ${MIGRATION_TABLE} order by name`).all();
  const unknown = done.map((row) => String(row['name'])).filter((name) => !MIGRATION_NAMES.includes(name));
  if (unknown.length === 0) return;
  throw new StoreError(
    'newer schema',
    `The database ${path} was written by a newer Muster (it has ${unknown.join(', ')})`,
    'use that version or a newer one, or restore a backup from before the upgrade',
  );
}

function expectSoundTable(database: SqliteDatabase, table: string, path: string): void {
  const findings = database
    .prepare(`pragma quick_check('${table.replaceAll("'", "''")}')`)
    .all()
    .map((row) => String(row['quick_check']));
  if (findings.length === 1 && findings[0] === 'ok') return;
  throw new StoreError(
    'damaged',
    `The database ${path} is damaged (table ${table}: ${findings[0] ?? 'no answer'})`,
    'restore it from a backup',
  );
}

function connect(sqlite: SqliteModule, path: string): SqliteDatabase {
  const database = new sqlite.DatabaseSync(path);
  try {
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
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

async function migrate(db: Kysely<Database>): Promise<void> {
  const { error } = await new Migrator({
    db,
    provider: migrationProvider(SQLITE_COLUMN_TYPES),
  }).migrateToLatest();
  if (error !== undefined) throw error;
}
