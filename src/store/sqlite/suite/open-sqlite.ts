import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stores } from '../../../core/stores.ts';
import { makeMemoryFolder } from '../../../os/suite/memory-folder.ts';
import type { OpenedStores } from '../../suite/open-stores.ts';
import { openSqliteStores } from '../open.ts';

/** In a file: what a restart finds is what is in it. */
export async function openSqlite(): Promise<OpenedStores> {
  const file = await makeEmptyDatabase();
  const stores = await openSqliteStores(file.path);
  let open = stores;
  return {
    stores,
    async reopen() {
      await open.close();
      open = await openSqliteStores(file.path);
      return open;
    },
    async remove() {
      await open.close();
      file.remove();
    },
  };
}

/** Stores with nothing in them, whose file goes when they are closed. */
export async function openEmptyStores(): Promise<Stores> {
  const opened = await openSqlite();
  return { ...opened.stores, close: () => opened.remove() };
}

export interface DatabaseFile {
  readonly path: string;
  remove(): void;
}

/** What migrations leave in a new database: to make it takes longer than most tests, so it is made once. */
let migrated: Promise<Uint8Array> | undefined;

/** How an empty file becomes a database, and what is on disk after a crash, `open.test.ts` and others try on a disk. */
export async function makeEmptyDatabase(): Promise<DatabaseFile> {
  migrated ??= migrateOnce();
  const database = await migrated;
  const file = chooseFile();
  writeFileSync(file.path, database);
  return file;
}

async function migrateOnce(): Promise<Uint8Array> {
  const file = chooseFile();
  try {
    const stores = await openSqliteStores(file.path);
    await stores.close();
    return readFileSync(file.path);
  } finally {
    file.remove();
  }
}

function chooseFile(): DatabaseFile {
  // Nothing here is about what a disk keeps.
  const folder = makeMemoryFolder('muster-store-');
  return {
    path: join(folder, 'muster.db'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
