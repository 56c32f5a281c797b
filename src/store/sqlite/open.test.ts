import { mkdir, mkdtemp, open, readFile, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { OPEN_STATES } from '../../core/install/life.ts';
import { event, putInstallable, putSubnet } from '../suite/samples.ts';
import { openConnection } from './connection.ts';
import { openSqliteStores } from './open.ts';
import { type SqliteDatabase, loadSqliteModule } from './sqlite-module.ts';

const sqlite = await loadSqliteModule();
let folder = '';
let path = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-open-'));
  path = join(folder, 'muster.db');
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** A database with something in every table, closed. */
async function makeDatabase(): Promise<void> {
  const stores = await openSqliteStores(path);
  await putInstallable(stores);
  await putSubnet(stores);
  await stores.events.append(Array.from({ length: 500 }, () => event()));
  await stores.close();
}

/** With a connection of its own, as another program would. */
function change(work: (database: SqliteDatabase) => void): void {
  const database = new sqlite.DatabaseSync(path);
  work(database);
  database.exec('pragma wal_checkpoint(truncate)');
  database.close();
}

/** Opens, expects to be refused, and expects that the file and all that lies beside it are as they were. */
async function expectRefused(refusal: { readonly kind: string; readonly message: RegExp }): Promise<void> {
  const before = await readFile(path);
  await expect(openSqliteStores(path)).rejects.toMatchObject({
    name: 'StoreError',
    kind: refusal.kind,
    message: expect.stringMatching(refusal.message),
  });
  expect(before.equals(await readFile(path))).toBe(true);
  const log = await readFile(`${path}-wal`).catch(() => Buffer.of());
  expect(log).toHaveLength(0);
}

describe('a new database', () => {
  test('is only for the user that runs Muster, whatever the umask', async () => {
    const stores = await openSqliteStores(path);
    await putSubnet(stores);
    for (const file of await readdir(folder)) {
      expect([file, (await stat(join(folder, file))).mode & 0o777]).toEqual([file, 0o600]);
    }
    await stores.close();
  });

  test('is made in a file that is empty', async () => {
    await writeFile(path, '');
    const stores = await openSqliteStores(path);
    expect(await stores.machines.list()).toEqual([]);
    await stores.close();
  });

  test('counts as open the states of an install that core calls open', async () => {
    await makeDatabase();
    change((database) => {
      const [index] = database
        .prepare(`select sql from sqlite_schema where name = 'installs_one_open'`)
        .all();
      const states = OPEN_STATES.map((state) => `'${state}'`).join(', ');
      // When this fails a new migration must make the index anew; the old one must stay as it was released.
      expect(index?.['sql']).toContain(`"state" in (${states})`);
    });
  });

  test('is whole in its one file once it is closed', async () => {
    await makeDatabase();
    for (const rest of ['-wal', '-shm']) await rm(path + rest, { force: true });
    const stores = await openSqliteStores(path);
    expect(await stores.events.list({}, 1_000)).toHaveLength(500);
    await stores.close();
  });
});

test('a connection writes each commit through to the disk, and checks references', () => {
  const database = openConnection(sqlite, path);
  const value = (pragma: string): unknown =>
    Object.values(database.prepare(`pragma ${pragma}`).all()[0] ?? {})[0];
  const settings = ['journal_mode', 'synchronous', 'foreign_keys', 'busy_timeout', 'trusted_schema'];
  expect(settings.map((name) => [name, value(name)])).toEqual([
    ['journal_mode', 'wal'],
    ['synchronous', 2],
    ['foreign_keys', 1],
    ['busy_timeout', 5000],
    ['trusted_schema', 0],
  ]);
  database.close();
});

describe('a file that is refused stays as it is', () => {
  test('one that is no database', async () => {
    await writeFile(path, 'This is a letter, and longer than the header of a database would be. '.repeat(9));
    await expectRefused({
      kind: 'not ours',
      message: /is not a database of Muster: name another data folder/,
    });
  });

  test('one that is shorter than a header', async () => {
    await writeFile(path, 'SQLite format 3\0');
    await expectRefused({ kind: 'not ours', message: /is a database of another program/ });
  });

  test('a database of another program', async () => {
    change((database) => database.exec('create table letters (text text)'));
    await expectRefused({ kind: 'not ours', message: /is a database of another program: name another/ });
    expect(await readdir(folder)).toEqual(['muster.db']);
  });

  test('a database of a newer Muster', async () => {
    await makeDatabase();
    change((database) =>
      database.exec(`insert into kysely_migration values ('9999-from-the-future', '2099-01-01T00:00:00Z')`),
    );
    await expectRefused({
      kind: 'newer schema',
      message: /written by a newer Muster \(it has 9999-from-the-future\): use that version/,
    });
  });

  test('a database that was cut off', async () => {
    await makeDatabase();
    await truncate(path, 3 * 4096);
    await expectRefused({ kind: 'damaged', message: /is damaged .*restore/ });
  });

  for (const table of ['machines', 'leases', 'installs', 'kysely_migration', 'sqlite_schema']) {
    test(`a database whose table ${table} was overwritten`, async () => {
      await makeDatabase();
      await overwritePageOf(table);
      await expectRefused({ kind: 'damaged', message: /is damaged .*restore/ });
    });
  }
});

/** Behind the header of the file, which is in the first page. */
async function overwritePageOf(table: string): Promise<void> {
  let offset = 100;
  if (table !== 'sqlite_schema') {
    change((database) => {
      const page = Number(
        database.prepare(`select rootpage from sqlite_schema where name = '${table}'`).all()[0]?.['rootpage'],
      );
      offset = (page - 1) * 4096;
    });
  }
  const file = await open(path, 'r+');
  await file.write(Buffer.alloc(64, 0xa5), 0, 64, offset);
  await file.close();
}

describe('a place that cannot hold the database is an error that says what to do', () => {
  test('a folder that is not there', async () => {
    await expect(openSqliteStores(join(folder, 'data', 'muster.db'))).rejects.toMatchObject({
      kind: 'cannot write',
      message: expect.stringMatching(/cannot be made \(ENOENT\): make the folder .*data first$/),
    });
    expect(await readdir(folder)).toEqual([]);
  });

  test('a folder that is a file', async () => {
    await writeFile(path, '');
    await expect(openSqliteStores(join(path, 'muster.db'))).rejects.toMatchObject({
      message: expect.stringMatching(/\(ENOTDIR\): .*muster.db must be a folder$/),
    });
  });

  test('a file that is a folder', async () => {
    await mkdir(path);
    await expect(openSqliteStores(path)).rejects.toMatchObject({
      kind: 'not ours',
      message: expect.stringMatching(/muster.db is not a file: /),
    });
  });

  test('a folder that this user must not write', async () => {
    await asSomebodyElse(async () => {
      await expect(openSqliteStores(path)).rejects.toMatchObject({
        kind: 'cannot write',
        message: expect.stringMatching(/cannot be made \(EACCES\): let the user that runs Muster/),
      });
    });
    expect(await readdir(folder)).toEqual([]);
  });

  test('a database that this user must not write', async () => {
    await makeDatabase();
    await asSomebodyElse(async () => {
      await expect(openSqliteStores(path)).rejects.toMatchObject({ kind: 'cannot write' });
    });
  });
});

/** Permissions say nothing to root; so root becomes `nobody`, and anyone else loses the right to write. */
async function asSomebodyElse(work: () => Promise<void>): Promise<void> {
  const { chmod } = await import('node:fs/promises');
  const isRoot = process.geteuid?.() === 0;
  await chmod(folder, 0o555);
  const files = await readdir(folder);
  for (const file of files) await chmod(join(folder, file), 0o444);
  if (isRoot) process.seteuid?.(65_534);
  try {
    await work();
  } finally {
    if (isRoot) process.seteuid?.(0);
    await chmod(folder, 0o755);
  }
}
