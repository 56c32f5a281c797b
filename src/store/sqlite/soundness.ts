import { MIGRATION_NAMES } from '../migrations/migration-provider.ts';
import { StoreError } from '../store-error.ts';
import { BUSY_TIMEOUT_MS } from './connection.ts';
import { withReadableErrors } from './sqlite-errors.ts';
import type { SqliteDatabase, SqliteModule } from './sqlite-module.ts';

/** Kysely's own; the rest of what it keeps is its business. */
const MIGRATION_TABLE = 'kysely_migration';
/** Too long to be read at each start, and less is lost with it. */
const UNCHECKED_TABLE = 'events';

/**
 * Reads the database without the right to write, so that one we refuse is left as it is.
 *
 * @throws StoreError when it is damaged, or of a newer Muster.
 */
export function expectSound(sqlite: SqliteModule, path: string): void {
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
