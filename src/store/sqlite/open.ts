import { Kysely, Migrator } from 'kysely';
import type { Stores } from '../../core/stores.ts';
import type { Database } from '../database.ts';
import { migrationProvider } from '../migrations/migration-provider.ts';
import type { BatchRows, BatchStep, Survives } from '../store-access.ts';
import { storesOver } from '../stores-over.ts';
import { SQLITE_COLUMN_TYPES } from './column-types.ts';
import { ROW_BY_ROW, SQLITE_BATCH_SQL } from './batch-sql.ts';
import { prepareDatabaseFile } from './database-file.ts';
import { SqliteDriver, sqliteDialect } from './driver.ts';
import { SqliteThreadDatabase } from './thread-client.ts';

/**
 * Opens the database in this file, or makes it; the folder must be there. Where a promise of the stores resolved,
 * what it wrote is on disk; but events that were noted by themselves may be lost with the power.
 *
 * @throws StoreError when there is no SQLite, or the file is not ours, damaged, of a newer Muster, or cannot be
 * written; the file is then as it was.
 */
export async function openSqliteStores(path: string): Promise<Stores> {
  const database = await SqliteThreadDatabase.open(path, await prepareDatabaseFile(path));
  const driver = new SqliteDriver(database);
  const db = new Kysely<Database>({ dialect: sqliteDialect(driver) });
  try {
    await migrate(db);
  } catch (error) {
    await driver.destroy();
    throw error;
  }
  const reader = await openReader(path).catch(async (error: unknown) => {
    await driver.destroy();
    throw error;
  });
  return storesOver(
    {
      db,
      reading: new Kysely<Database>({ dialect: sqliteDialect(reader) }),
      write: (work) => db.transaction().execute(work),
      batch: (steps, survives) => batch(driver, steps, survives),
    },
    async () => void (await Promise.all([reader.destroy(), driver.destroy()])),
  );
}

/** A second connection in a thread of its own: it does not wait until what others write is on the disk (WAL). */
async function openReader(path: string): Promise<SqliteDriver> {
  return new SqliteDriver(await SqliteThreadDatabase.open(path, 'reader'));
}

/** Each step is one constant statement. */
function batch(
  driver: SqliteDriver,
  steps: readonly BatchStep[],
  survives: Survives,
): Promise<readonly BatchRows[]> {
  return driver.batch(
    steps.map(({ name, value, lastColumn }) => {
      const json = JSON.stringify(value);
      const sql = SQLITE_BATCH_SQL[name];
      // `join` writes nothing for null.
      return ROW_BY_ROW.has(name)
        ? { sql, rows: json, lastColumn: lastColumn?.join('\n') }
        : { sql, values: [json] };
    }),
    survives,
  );
}

async function migrate(db: Kysely<Database>): Promise<void> {
  const { error } = await new Migrator({
    db,
    provider: migrationProvider(SQLITE_COLUMN_TYPES),
  }).migrateToLatest();
  if (error !== undefined) throw error;
}
