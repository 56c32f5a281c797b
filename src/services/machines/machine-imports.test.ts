import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TimelineEvent } from '../../core/events/timeline-event.ts';
import type { ImportRow } from '../../core/machines/plan-import.ts';
import type { Stores } from '../../core/stores.ts';
import { parseMac } from '../../lib/addresses.ts';
import { openEmptyStores } from '../../store/sqlite/suite/open-sqlite.ts';
import { MAX_IMPORT_PASSWORDS } from './import-passwords.ts';
import { InstallSources } from '../installs/install-sources.ts';
import { MachineImports } from './machine-imports.ts';

let stores: Stores;
let imports: MachineImports;
const told: TimelineEvent[] = [];
const hashed: string[] = [];

beforeEach(async () => {
  stores = await openEmptyStores();
  told.length = 0;
  hashed.length = 0;
  let drawn = 0;
  imports = new MachineImports({
    machines: stores.machines,
    events: { announce: (event) => told.push(event) },
    sources: new InstallSources({ machineHttpPort: 80, off: { ftp: 'ftp.port is off' } }),
    clock: { nowMs: () => 1000 },
    randomHex: (bytes) => (++drawn).toString(16).padStart(bytes * 2, '0'),
    hashPassword: async (password) => {
      hashed.push(password);
      return password === ''
        ? { hashed: false, because: 'a password is wanted' }
        : { hashed: true, hash: `$6$of-${password}` };
    },
  });
});
afterEach(async () => {
  await stores.close();
});

const row = (at: number, change: Partial<ImportRow> = {}): ImportRow => ({
  name: `web${at}`,
  macs: [parseMac((at + 2 ** 40).toString(16).padStart(12, '0'))],
  ...change,
});

test('all are written with one event, and what is as it was is not', async () => {
  expect(await imports.import([row(1), row(2)], 'apply')).toMatchObject({ applied: true, objections: [] });
  expect(told).toMatchObject([{ kind: 'machine.imported', data: { added: 2, changed: 0, unchanged: 0 } }]);
  await imports.import([row(1), row(2)], 'apply');
  expect(told).toHaveLength(1);
  await imports.import([row(1), row(2, { labels: { a: 'b' } })], 'apply');
  expect(told[1]).toMatchObject({ text: 'Machines came from a file: 0 added, 1 changed' });
});

test('one objection keeps all from being written, and every one is told in the order of the rows', async () => {
  await imports.import([row(1)], 'apply');
  const { applied, objections } = await imports.import(
    [
      row(2),
      row(3, { source: 'ftp' }),
      row(4, { macs: row(1).macs ?? [], name: 'web1' }),
      { ...row(1), name: 'x' },
      { name: 'y' },
    ],
    'apply',
  );
  expect(applied).toBe(false);
  expect(objections).toEqual([
    { row: 1, because: 'machine web3 says --source ftp, and ftp.port is off' },
    { row: 3, because: 'it is about the same machine as "web1" before it' },
    { row: 4, because: expect.stringMatching(/^machine y has nothing to be known by/) },
  ]);
  expect((await stores.machines.list()).map(({ name }) => name)).toEqual(['web1']);
});

test('passwords are kept as their hashes, each of them hashed once', async () => {
  await imports.import(
    [
      row(1, { variables: { root_password: 'secret', x: 'y' } }),
      row(2, { variables: { root_password: 'secret' } }),
      row(3, { variables: { root_password_hash: '$6$given' } }),
    ],
    'apply',
  );
  expect(hashed).toEqual(['secret']);
  expect((await stores.machines.list()).map(({ variables }) => variables)).toEqual([
    { x: 'y', root_password_hash: '$6$of-secret' },
    { root_password_hash: '$6$of-secret' },
    { root_password_hash: '$6$given' },
  ]);
  await imports.import([row(1, { variables: { root_password: null } })], 'apply');
  expect((await stores.machines.byName('web1'))?.variables).toEqual({ x: 'y' });
});

test('a password that is none, and too many of them, are objections', async () => {
  const rows = Array.from({ length: MAX_IMPORT_PASSWORDS + 1 }, (_, at) =>
    row(at, { variables: { user_password: at === 0 ? '' : `p${at}` } }),
  );
  const { applied, objections } = await imports.import(rows, 'apply');
  expect(applied).toBe(false);
  expect(objections).toEqual([
    { row: 0, because: 'variable user_password: a password is wanted' },
    {
      row: MAX_IMPORT_PASSWORDS,
      because: expect.stringMatching(/^at most 1000 different passwords are hashed/),
    },
  ]);
  expect(hashed).toHaveLength(MAX_IMPORT_PASSWORDS);
  expect(await stores.machines.list()).toEqual([]);
});
