import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kysely, sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SqliteDriver, sqliteDialect } from './driver.ts';
import { SqliteThreadDatabase } from './thread-client.ts';

interface Tables {
  readonly notes: { readonly id: number; readonly text: unknown };
}

let folder = '';
let opened: Kysely<Tables>[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-driver-'));
  opened = [];
});

afterEach(async () => {
  await Promise.all(opened.map((db) => db.destroy()));
  await rm(folder, { recursive: true });
});

async function openNotes(): Promise<{ readonly db: Kysely<Tables>; readonly driver: SqliteDriver }> {
  const driver = new SqliteDriver(await SqliteThreadDatabase.open(join(folder, 'notes.db'), 'new'));
  const db = new Kysely<Tables>({ dialect: sqliteDialect(driver) });
  opened.push(db);
  await sql`create table notes (id integer primary key, text any) strict`.execute(db);
  return { db, driver };
}

const values: readonly (readonly [string, unknown, unknown])[] = [
  ['text', 'a', 'a'],
  ['text that looks like a number', '007', '007'],
  ['a whole number', 2 ** 40, 2 ** 40],
  ['a fraction', 0.5, 0.5],
  ['null', null, null],
];
for (const [what, written, read] of values) {
  test(`writes ${what} and reads it back`, async () => {
    const { db } = await openNotes();
    await db.insertInto('notes').values({ id: 1, text: written }).execute();
    expect(await db.selectFrom('notes').select('text').execute()).toMatchObject([{ text: read }]);
  });
}

for (const [what, refused] of [
  ['a boolean', true],
  ['a Date', new Date(0)],
  ['undefined', undefined],
  ['an object', {}],
  ['a list', [1]],
  ['no number', Number.NaN],
  ['infinity', Number.POSITIVE_INFINITY],
] as const) {
  test(`refuses to write ${what}, which each driver takes for something else`, async () => {
    const { db } = await openNotes();
    const attempt = sql`insert into notes values (1, ${sql.val(refused)})`.execute(db);
    await expect(attempt).rejects.toThrow('to the database: text, a finite number or null is wanted');
    expect(await db.selectFrom('notes').selectAll().execute()).toEqual([]);
  });
}

test('counts what was changed, also where nothing was', async () => {
  const { db } = await openNotes();
  await db
    .insertInto('notes')
    .values([1, 2, 3].map((id) => ({ id, text: 'a' })))
    .execute();
  const update = db.updateTable('notes').set({ text: 'b' });
  expect(await update.where('id', '>', 1).executeTakeFirst()).toEqual({ numUpdatedRows: 2n });
  expect(await update.where('id', '>', 9).executeTakeFirst()).toEqual({ numUpdatedRows: 0n });
  expect(await update.where('id', '=', 1).returning('text').execute()).toMatchObject([{ text: 'b' }]);
});

test('no statement from outside falls into a transaction that waits', async () => {
  const { db } = await openNotes();
  const log: string[] = [];
  const transaction = db.transaction().execute(async (trx) => {
    await trx.insertInto('notes').values({ id: 1, text: 'inside' }).execute();
    await new Promise((resolve) => setTimeout(resolve, 20));
    await trx.deleteFrom('notes').execute();
    log.push('transaction');
  });
  const seen = db
    .selectFrom('notes')
    .selectAll()
    .execute()
    .then((rows) => {
      log.push('reader');
      return rows;
    });
  await transaction;
  expect(await seen).toEqual([]);
  expect(log).toEqual(['transaction', 'reader']);
});

test('a transaction that rejects leaves nothing, and the next one runs', async () => {
  const { db } = await openNotes();
  const failing = db.transaction().execute(async (trx) => {
    await trx.insertInto('notes').values({ id: 1, text: 'a' }).execute();
    throw new Error('changed its mind');
  });
  await expect(failing).rejects.toThrow('changed its mind');
  await db.transaction().execute((trx) => trx.insertInto('notes').values({ id: 2, text: 'b' }).execute());
  expect(await db.selectFrom('notes').select('id').execute()).toMatchObject([{ id: 2 }]);
});

test('a disk that is full is told as such, leaves what was there, and goes on when there is room', async () => {
  const { db } = await openNotes();
  await db.insertInto('notes').values({ id: 1, text: 'small' }).execute();
  await sql`pragma max_page_count = 8`.execute(db);
  const tooMuch = db.transaction().execute(async (trx) => {
    for (let id = 2; id < 100; id += 1) {
      await trx
        .insertInto('notes')
        .values({ id, text: 'x'.repeat(4_000) })
        .execute();
    }
  });
  await expect(tooMuch).rejects.toMatchObject({
    kind: 'disk full',
    advice: 'make room where the database is',
  });
  expect(await db.selectFrom('notes').select('id').execute()).toHaveLength(1);
  await sql`pragma max_page_count = 1000`.execute(db);
  await db
    .insertInto('notes')
    .values({ id: 2, text: 'x'.repeat(40_000) })
    .execute();
});

test('keeps working with more different statements than it keeps prepared', async () => {
  const { db } = await openNotes();
  for (let turn = 0; turn < 2; turn += 1) {
    for (let number = 0; number < 450; number += 1) {
      const { rows } = await sql<{ n: number }>`select ${sql.lit(number)} as n`.execute(db);
      expect(rows[0]?.n).toBe(number);
    }
  }
});

test('a batch is one transaction: all of it, or nothing where one statement fails', async () => {
  const { db, driver } = await openNotes();
  const insert = (id: number) => ({ sql: 'insert into notes values (?, ?) returning id', values: [id, 'a'] });
  expect(await driver.batch([insert(1), insert(2)], 'power failure')).toEqual([[{ id: 1 }], [{ id: 2 }]]);
  await expect(driver.batch([insert(3), insert(1)], 'power failure')).rejects.toThrow('UNIQUE');
  expect(await db.selectFrom('notes').select('id').execute()).toEqual([{ id: 1 }, { id: 2 }]);
  expect(await driver.batch([insert(3)], 'power failure')).toEqual([[{ id: 3 }]]);
});

test('a statement of a batch can be run for each row of a list, in the same transaction', async () => {
  const { db, driver } = await openNotes();
  const rows = (values: readonly (readonly unknown[])[]) => ({
    sql: 'insert into notes values (?, ?)',
    rows: JSON.stringify(values),
    lastColumn: undefined,
  });
  await driver.batch(
    [
      rows([
        [1, 'a'],
        [2, null],
      ]),
      rows([]),
    ],
    'power failure',
  );
  expect(await db.selectFrom('notes').selectAll().execute()).toEqual([
    { id: 1, text: 'a' },
    { id: 2, text: null },
  ]);
  await expect(
    driver.batch(
      [
        rows([
          [3, 'c'],
          [1, 'twice'],
        ]),
      ],
      'power failure',
    ),
  ).rejects.toThrow('UNIQUE');
  expect(await db.selectFrom('notes').select('id').execute()).toEqual([{ id: 1 }, { id: 2 }]);
});

test('the last column of such rows can be given beside them, a line for each', async () => {
  const { db, driver } = await openNotes();
  const rows = {
    sql: 'insert into notes values (?, ?)',
    rows: '[[1],[2],[3]]',
    lastColumn: '{"a":"b\\n"}\n\n0',
  };
  await driver.batch([rows], 'power failure');
  expect(await db.selectFrom('notes').selectAll().execute()).toEqual([
    { id: 1, text: '{"a":"b\\n"}' },
    { id: 2, text: null },
    { id: 3, text: '0' },
  ]);
});

test('a batch waits for the disk, or not, as it says; whatever comes after it does', async () => {
  const { db, driver } = await openNotes();
  // https://www.sqlite.org/pragma.html#pragma_synchronous
  const [NORMAL, FULL] = [[[{ synchronous: 1 }]], [[{ synchronous: 2 }]]];
  const ask = [{ sql: 'pragma synchronous', values: [] }];
  expect(await driver.batch(ask, 'power failure')).toEqual(FULL);
  expect(await driver.batch(ask, 'killed process')).toEqual(NORMAL);
  const { rows } = await sql<{ synchronous: number }>`pragma synchronous`.execute(db);
  expect([rows]).toEqual(FULL);
  await driver.batch(ask, 'killed process');
  await db.transaction().execute(async (trx) => {
    expect([(await sql`pragma synchronous`.execute(trx)).rows]).toEqual(FULL);
  });
  await driver.batch(ask, 'killed process');
  expect(await driver.batch(ask, 'power failure')).toEqual(FULL);
});

test('the main thread goes on while a statement takes its time', async () => {
  const { db } = await openNotes();
  const slow =
    sql`with recursive n(i) as (values (1) union all select i + 1 from n where i < 1000000) select count(*) from n`.execute(
      db,
    );
  let turns = 0;
  const ended = slow.then(() => 'ended');
  while ((await Promise.race([ended, new Promise((resolve) => setImmediate(resolve))])) !== 'ended')
    turns += 1;
  expect(turns).toBeGreaterThan(100);
});

test('a second connection reads while a transaction is open, sees what was committed, and writes nothing', async () => {
  const { db } = await openNotes();
  const reader = new SqliteDriver(await SqliteThreadDatabase.open(join(folder, 'notes.db'), 'reader'));
  const reading = new Kysely<Tables>({ dialect: sqliteDialect(reader) });
  opened.push(reading);
  const read = () => reading.selectFrom('notes').select('id').orderBy('id').execute();
  let finish = (): void => undefined;
  const isFinished = new Promise<void>((resolve) => (finish = resolve));
  const writing = db.transaction().execute(async (trx) => {
    await trx.insertInto('notes').values({ id: 1, text: 'a' }).execute();
    await isFinished;
  });
  expect(await read()).toEqual([]);
  finish();
  await writing;
  for (let id = 2; id <= 50; id += 1) {
    await db.insertInto('notes').values({ id, text: 'b' }).execute();
    expect(await read()).toHaveLength(id);
  }
  const attempt = reading.insertInto('notes').values({ id: 99, text: 'c' }).execute();
  await expect(attempt).rejects.toThrow(/readonly|read.only|cannot write/i);
});
