import { describe, expect } from 'vitest';
import { parseSelector } from '../core/machines/selector.ts';
import type { Stores } from '../core/stores.ts';
import { cachedStores } from './read-cache.ts';
import { openSqlite } from './sqlite/suite/open-sqlite.ts';
import { group, groupsContract } from './suite/groups-contract.ts';
import { installRacesContract } from './suite/install-races-contract.ts';
import { installsContract } from './suite/installs-contract.ts';
import { machineChangesContract } from './suite/machine-changes-contract.ts';
import { machinePagesContract } from './suite/machine-pages-contract.ts';
import { machinesContract } from './suite/machines-contract.ts';
import { type OpenedStores, storeTests } from './suite/open-stores.ts';
import { ownWritesContract } from './suite/own-writes-contract.ts';
import { powerContract } from './suite/power-contract.ts';
import { policyContract } from './suite/policy-contract.ts';
import { event, install, MAC, machine, OTHER_MAC, profile, putInstallable, subnet } from './suite/samples.ts';
import { siteContract } from './suite/site-contract.ts';
import { subnetsContract } from './suite/subnets-contract.ts';
import { DEFAULT_POLICY } from '../core/policy/policy.ts';

async function openCached(): Promise<OpenedStores> {
  const opened = await openSqlite();
  return {
    ...opened,
    stores: cachedStores(opened.stores),
    reopen: async () => cachedStores(await opened.reopen()),
  };
}

describe('the SQLite store behind a cache', () => {
  const storeTest = storeTests(openCached);
  describe('machines', () => machinesContract(storeTest));
  describe('pages of machines', () => machinePagesContract(storeTest));
  describe('changes of several machines', () => machineChangesContract(storeTest));
  describe('own writes', () => ownWritesContract(storeTest));
  describe('subnets', () => subnetsContract(storeTest));
  describe('installs', () => installsContract(storeTest));
  describe('power', () => powerContract(storeTest));
  describe('install races', () => installRacesContract(storeTest));
  describe('policy', () => policyContract(storeTest));
  describe('groups', () => groupsContract(storeTest));
  describe('site', () => siteContract(storeTest));
});

const POWER = {
  machineId: machine().id,
  settings: { driver: 'wol', port: 9, to: [] },
  setAtMs: 1,
} as const;

/** What is asked for each packet. */
async function askedForPackets(stores: Stores): Promise<unknown> {
  return {
    subnets: await stores.subnets.list(),
    policy: await stores.policy.get(),
    groups: await stores.groups.list(),
    names: await stores.machines.names(),
    byMac: [await stores.machines.byMac(MAC), await stores.machines.byMac(OTHER_MAC)],
    newest: await stores.installs.list({ machineId: machine().id, limit: 1 }),
    newestOf: await stores.installs.newestOf([machine().id, 'm-2']),
    power: [await stores.power.ofMachine(machine().id), await stores.power.list([machine().id, 'm-2'])],
    byState: await stores.machines.page({ state: 'none', sort: 'state', limit: 5 }),
  };
}

const writes: readonly (readonly [string, (stores: Stores) => Promise<unknown>])[] = [
  ['a machine is put', (stores) => stores.machines.put(machine({ macs: [OTHER_MAC] }))],
  ['a machine is removed', (stores) => stores.machines.remove(machine().id)],
  [
    'a machine is merged into another, whose newest install is then its own',
    async (stores) => {
      const other = machine({ id: 'm-2', name: 'other', macs: [OTHER_MAC] });
      await stores.machines.put(other);
      await stores.installs.create(install({ machineId: 'm-2', state: 'cancelled' }), event());
      await askedForPackets(stores);
      return await stores.machines.merge({ into: machine().id, from: 'm-2' }, (into) => ({
        merge: true,
        machine: into,
        event: event(),
      }));
    },
  ],
  [
    'a machine with an open install takes in another with a newer one: its own stays its newest',
    async (stores) => {
      await stores.machines.put(machine({ id: 'm-2', name: 'other', macs: [OTHER_MAC] }));
      await stores.installs.create(install(), event());
      const newer = install({ id: 'i-2', token: 'newer', machineId: 'm-2', state: 'cancelled' });
      await stores.installs.create(newer, event());
      await askedForPackets(stores);
      return await stores.machines.merge({ into: machine().id, from: 'm-2' }, (into) => ({
        merge: true,
        machine: into,
        event: event(),
      }));
    },
  ],
  ['a machine is refused', (stores) => stores.machines.put(machine({ id: 'm-2', name: 'other' }))],
  ['a subnet is put', (stores) => stores.subnets.put(subnet({ mode: 'off' }), () => undefined)],
  ['a subnet is removed', (stores) => stores.subnets.remove('lab')],
  ['the policy is put', (stores) => stores.policy.put({ ...DEFAULT_POLICY, authoritative: true })],
  ['power is put', (stores) => stores.power.put(POWER, { secret: 'one' })],
  [
    'power is seen',
    async (stores) => {
      await stores.power.put(POWER, { secret: undefined });
      await askedForPackets(stores);
      return await stores.power.saw(machine().id, POWER.setAtMs, { state: 'on', atMs: 2 });
    },
  ],
  [
    'power is removed',
    async (stores) => {
      await stores.power.put(POWER, { secret: undefined });
      await askedForPackets(stores);
      return await stores.power.remove(machine().id);
    },
  ],
  [
    'a machine is removed that has power',
    async (stores) => {
      await stores.power.put(POWER, { secret: undefined });
      await askedForPackets(stores);
      return await stores.machines.remove(machine().id);
    },
  ],
  ['a group is put', (stores) => stores.groups.put(group())],
  ['a group is removed', (stores) => stores.groups.remove('rack-a')],
  [
    'a site is written',
    (stores) =>
      stores.site.change(({ machines }) => ({
        mirrors: { put: [], remove: [] },
        subnets: { put: [subnet({ mode: 'off' })], remove: [] },
        snippets: { put: [], remove: [] },
        profiles: { put: [], remove: [] },
        groups: { put: [group({ name: 'other' })], remove: [] },
        power: { put: [], remove: [] },
        hooks: { put: [], remove: [] },
        setAtMs: 1,
        machines: { put: [], remove: machines },
        policy: { ...DEFAULT_POLICY, authoritative: true },
      })),
  ],
  ['an install is armed', (stores) => stores.installs.create(install(), event())],
  [
    'an install goes on',
    async (stores) => {
      await stores.installs.create(install(), event());
      await askedForPackets(stores);
      return await stores.installs.advance(install(), install({ state: 'cancelled' }), event());
    },
  ],
  [
    'many installs are armed',
    (stores) => stores.installs.createAll([{ install: install(), event: event() }]),
  ],
  [
    'an install fails and the next is armed',
    async (stores) => {
      await stores.installs.create(install(), event());
      await askedForPackets(stores);
      return await stores.installs.advanceAndCreate(
        install(),
        { install: install({ state: 'failed' }), event: event() },
        { install: install({ id: 'i-2' }), event: event() },
      );
    },
  ],
  [
    'a write fails',
    (stores) => stores.installs.create(install({ profile: 'gone' }), event()).catch(() => undefined),
  ],
];

describe('a cache answers as the store beneath does', () => {
  const beneath = new Map<Stores, Stores>();
  const storeTest = storeTests(async () => {
    const opened = await openSqlite();
    const stores = cachedStores(opened.stores);
    beneath.set(stores, opened.stores);
    return { ...opened, stores };
  });
  for (const [what, write] of writes) {
    storeTest(`when ${what}: before, meanwhile and after`, async (stores) => {
      await putInstallable(stores);
      await stores.profiles.put(profile());
      await stores.subnets.put(subnet(), () => undefined);
      await askedForPackets(stores);
      const writing = write(stores);
      await askedForPackets(stores);
      await writing;
      const store = beneath.get(stores);
      if (!store) throw new Error('there is no store beneath');
      expect(await askedForPackets(stores)).toEqual(await askedForPackets(store));
    });
  }

  storeTest('and asks it once', async (stores) => {
    const store = beneath.get(stores);
    await stores.subnets.list();
    await store?.subnets.put(subnet(), () => undefined);
    expect(await stores.subnets.list()).toEqual([]);
  });

  storeTest('and asks it once for pages, searches and machines by name', async (stores) => {
    await stores.machines.put(machine({ labels: { rack: 'a' } }));
    const rack = parseSelector('rack=a');
    const asked = async (): Promise<unknown> => [
      await stores.machines.byId(machine().id),
      await stores.machines.byName('web-1'),
      await stores.machines.page({ sort: 'name', limit: 5 }),
      await stores.machines.page({ sort: '-created', limit: 5, selector: rack, text: 'WEB' }),
      await stores.machines.page({ sort: '-state', limit: 5, state: 'none' }),
    ];
    const before = await asked();
    await beneath.get(stores)?.machines.remove(machine().id);
    expect(await asked()).toEqual(before);
  });

  storeTest(
    'and asks it once for the names of machines, however many strangers may take one',
    async (stores) => {
      await stores.machines.put(machine());
      expect(await stores.machines.names()).toEqual(new Set([machine().name]));
      await beneath.get(stores)?.machines.put(machine({ name: 'renamed' }));
      expect(await stores.machines.names()).toEqual(new Set([machine().name]));
    },
  );
});
