import { Kysely, Migrator } from 'kysely';
import type { Stores } from '../../core/stores.ts';
import type { Database } from '../database.ts';
import { migrationProvider } from '../migrations/migration-provider.ts';
import { storesOver } from '../stores-over.ts';
import { SQLITE_COLUMN_TYPES } from './column-types.ts';
import { openConnection } from './connection.ts';
import { prepareDatabaseFile } from './database-file.ts';
import { NodeSqliteDriver, sqliteDialect } from './driver.ts';
import { expectSound } from './soundness.ts';
import { loadSqliteModule } from './sqlite-module.ts';

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
  const database = openConnection(sqlite, path);
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

async function migrate(db: Kysely<Database>): Promise<void> {
  const { error } = await new Migrator({
    db,
    provider: migrationProvider(SQLITE_COLUMN_TYPES),
  }).migrateToLatest();
  if (error !== undefined) throw error;
}
