import { CompiledQuery, Kysely } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Stores } from '../../core/stores.ts';
import { parseIpv4 } from '../../lib/addresses.ts';
import type { Database } from '../database.ts';
import { storesOver } from '../stores-over.ts';
import { MAC, OTHER_MAC } from '../suite/samples.ts';
import { SqliteDriver, sqliteDialect } from './driver.ts';
import { makeEmptyDatabase } from './suite/open-sqlite.ts';
import { SqliteThreadDatabase } from './thread-client.ts';

/** What SQLite would do for each statement is asked of it; times say nothing on a computer that is busy. */

let stores: Stores;
let reading: Kysely<Database>;
let asked: CompiledQuery[] = [];
let remove: () => void;

beforeAll(async () => {
  const file = await makeEmptyDatabase();
  const driver = new SqliteDriver(await SqliteThreadDatabase.open(file.path, 'reader'));
  reading = new Kysely<Database>({
    dialect: sqliteDialect(driver),
    log: ({ query }) => void asked.push(query),
  });
  const refuse = (): never => {
    throw new Error('a question was asked of the connection that writes');
  };
  const db = { insertInto: refuse, updateTable: refuse, deleteFrom: refuse };
  const close = (): Promise<void> => reading.destroy();
  stores = storesOver({ db, reading, write: refuse, batch: refuse }, close);
  remove = () => file.remove();
});

afterAll(async () => {
  await stores.close();
  remove();
});

/** The steps of all statements of a question. */
async function planOf(question: (stores: Stores) => Promise<unknown>): Promise<readonly string[]> {
  asked = [];
  await question(stores);
  const steps: string[] = [];
  for (const { sql, parameters } of asked.slice()) {
    const { rows } = await reading.executeQuery<{ readonly detail: string }>(
      CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]),
    );
    steps.push(...rows.map(({ detail }) => detail));
  }
  return steps;
}

const PAGE = 100;
const UNTIL = { downToId: 5, beforeId: 50_005 };

for (const [what, question] of [
  ['the next events', ({ events }) => events.list({ afterId: 7 }, PAGE)],
  ['the events of a machine', ({ events }) => events.list({ machineId: 'm', macs: [MAC, OTHER_MAC] }, PAGE)],
  [
    'the next events of a machine',
    ({ events }) => events.list({ machineId: 'm', macs: [MAC], afterId: 7 }, 9),
  ],
  [
    'some kinds of events of a machine',
    ({ events }) => events.list({ machineId: 'm', macs: [MAC], kinds: ['install.failed'] }, 9),
  ],
  ['the events of addresses', ({ events }) => events.list({ macs: [MAC, OTHER_MAC] }, PAGE)],
  ['the events of one address', ({ events }) => events.list({ macs: [MAC] }, PAGE)],
  ['the events of an install', ({ events }) => events.list({ installId: 'i' }, PAGE)],
  ['a stretch of events with a word', ({ events }) => events.list({ text: 'x', ...UNTIL }, PAGE)],
  [
    'a stretch of events of some kinds',
    ({ events }) => events.list({ kinds: ['install.failed'], ...UNTIL }, PAGE),
  ],
  ['an install', ({ installs }) => installs.byId('i')],
  ['the install of a token', ({ installs }) => installs.byToken('t')],
  ['the newest install of a machine', ({ installs }) => installs.list({ machineId: 'm', limit: 1 })],
  ['the open install of a machine', ({ installs }) => installs.openOf('m')],
  ['the last install of a machine', ({ installs }) => installs.lastInstalled('m')],
  ['a page of installs', ({ installs }) => installs.page({ limit: PAGE, after: 7 })],
  ['a page of the installs of a machine', ({ installs }) => installs.page({ machineId: 'm', limit: PAGE })],
  ['a machine', ({ machines }) => machines.byId('m')],
  ['a machine by its name', ({ machines }) => machines.byName('m')],
  ['a machine by its address', ({ machines }) => machines.byMac(MAC)],
  ['the names of some machines', ({ machines }) => machines.namesOf(['m', 'n'])],
  ['the facts of a machine', ({ facts }) => facts.ofMachine('m')],
  ['the facts of some machines', ({ facts }) => facts.ofMachines(['m', 'n'])],
  ['the power of a machine', ({ power }) => power.ofMachine('m')],
  ['the power of some machines', ({ power }) => power.list(['m', 'n'])],
  ['a profile', ({ profiles }) => profiles.byName('p')],
  ['an image', ({ images }) => images.byName('i')],
  ['a session', ({ people }) => people.session('s')],
  ['a token', ({ people }) => people.token('t')],
  ['the lease of an address', ({ leases }) => leases.byAddress(parseIpv4('10.0.0.1'))],
] as const satisfies readonly (readonly [string, (stores: Stores) => Promise<unknown>])[]) {
  test(`${what}: found by an index, and no table is read from end to end`, async () => {
    const plan = await planOf(question);
    expect(plan).not.toHaveLength(0);
    // It would find all of each index, which may be years of one machine, and sort them.
    expect(plan).not.toContain('MULTI-INDEX OR');
    // What an inner question gave is as small as what is wanted.
    expect(plan.filter((step) => step.startsWith('SCAN ') && step !== 'SCAN some')).toEqual([]);
  });
}

for (const [what, question, plan] of [
  ['events', ({ events }) => events.list({}, PAGE), 'SCAN events'],
  ['entries of the audit', ({ audit }) => audit.list({}, PAGE), 'SCAN audit'],
  [
    'installs',
    ({ installs }) => installs.page({ limit: PAGE }),
    'SCAN installs USING INDEX sqlite_autoindex_installs_2',
  ],
] as const satisfies readonly (readonly [string, (stores: Stores) => Promise<unknown>, string])[]) {
  test(`the newest ${what} are read in the order of their numbers, as many as are wanted, and none is sorted`, async () => {
    expect(await planOf(question)).toEqual([plan]);
  });
}

test('all open installs are found by the index of those that are open', async () => {
  const plan = await planOf(({ installs }) => installs.listOpen());
  expect(plan[0]).toMatch(/USING INDEX installs_one_open$/);
});

test('the newest installs of all machines are found by an index, and none is sorted', async () => {
  const plan = await planOf(({ installs }) => installs.newestOfAll());
  expect(plan).toContain('SCAN installs USING COVERING INDEX installs_by_machine');
  expect(plan.filter((step) => step.includes('TEMP B-TREE'))).toEqual([]);
});
