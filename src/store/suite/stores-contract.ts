import { describe, expect } from 'vitest';
import type { Stores } from '../../core/stores.ts';
import { eventsContract } from './events-contract.ts';
import { hooksContract } from './hooks-contract.ts';
import { groupsContract } from './groups-contract.ts';
import { imagesContract } from './images-contract.ts';
import { installRacesContract } from './install-races-contract.ts';
import { installTriesContract } from './install-tries-contract.ts';
import { installsContract } from './installs-contract.ts';
import { leaseClaimsContract } from './lease-claims-contract.ts';
import { leasesContract } from './leases-contract.ts';
import { ownWritesContract } from './own-writes-contract.ts';
import { machineFactsContract } from './machine-facts-contract.ts';
import { requestKeysContract } from './request-keys-contract.ts';
import { machinePagesContract } from './machine-pages-contract.ts';
import { machineChangesContract } from './machine-changes-contract.ts';
import { machinesContract } from './machines-contract.ts';
import { type OpenStores, type StoreTest, storeTests } from './open-stores.ts';
import { mirrorsContract } from './mirrors-contract.ts';
import { auditContract } from './audit-contract.ts';
import { peopleContract } from './people-contract.ts';
import { powerContract } from './power-contract.ts';
import { policyContract } from './policy-contract.ts';
import { profilesContract } from './profiles-contract.ts';
import {
  event,
  image,
  install,
  lease,
  machine,
  profile,
  putInstallable,
  putSubnet,
  subnet,
} from './samples.ts';
import { snippetsContract } from './snippets-contract.ts';
import { steadyClockContract } from './steady-clock-contract.ts';
import { siteContract } from './site-contract.ts';
import { subnetsContract } from './subnets-contract.ts';
import { wavesContract } from './waves-contract.ts';

/** What every store must do, as the docstrings of core say it: run once for each database. */
export function storesContract(name: string, open: OpenStores): void {
  const storeTest = storeTests(open);
  describe(name, () => {
    describe('machines', () => machinesContract(storeTest));
    describe('pages of machines', () => machinePagesContract(storeTest));
    describe('facts of machines', () => machineFactsContract(storeTest));
    describe('changes of several machines', () => machineChangesContract(storeTest));
    describe('subnets', () => subnetsContract(storeTest));
    describe('own writes', () => ownWritesContract(storeTest));
    describe('leases', () => leasesContract(storeTest));
    describe('lease claims', () => leaseClaimsContract(storeTest));
    describe('images', () => imagesContract(storeTest));
    describe('mirrors', () => mirrorsContract(storeTest));
    describe('profiles', () => profilesContract(storeTest));
    describe('snippets', () => snippetsContract(storeTest));
    describe('groups', () => groupsContract(storeTest));
    describe('installs', () => installsContract(storeTest));
    describe('install tries', () => installTriesContract(storeTest));
    describe('install races', () => installRacesContract(storeTest));
    describe('events', () => eventsContract(storeTest));
    describe('the steady clock', () => steadyClockContract(storeTest));
    describe('policy', () => policyContract(storeTest));
    describe('waves', () => wavesContract(storeTest));
    describe('power', () => powerContract(storeTest));
    describe('hooks', () => hooksContract(storeTest));
    describe('people', () => peopleContract(storeTest));
    describe('keys of requests', () => requestKeysContract(storeTest));
    describe('audit', () => auditContract(storeTest));
    describe('site', () => siteContract(storeTest));
    describe('all together', () => togetherContract(storeTest));
    describe('the end', () => closeContract(storeTest));
  });
}

function togetherContract(storeTest: StoreTest): void {
  storeTest('a new store holds nothing', async (stores) => {
    expect(await contentOf(stores)).toEqual({
      machines: [],
      subnets: [],
      leases: [],
      images: [],
      profiles: [],
      installs: [],
      events: [],
    });
  });

  storeTest('a restart finds everything as it was', async (stores, reopen) => {
    await putInstallable(stores);
    await putSubnet(stores);
    await stores.leases.claim(lease('192.168.122.100'), 0);
    await stores.installs.create(install(), event());
    const before = await contentOf(stores);
    expect(before).toMatchObject({
      machines: [machine()],
      subnets: [subnet()],
      leases: [lease('192.168.122.100')],
      images: [image()],
      profiles: [profile()],
      installs: [install()],
      events: [event()],
    });
    expect(await contentOf(await reopen())).toEqual(before);
  });

  storeTest('a restart twice in a row changes nothing', async (stores, reopen) => {
    await putInstallable(stores);
    const before = await contentOf(stores);
    await reopen();
    expect(await contentOf(await reopen())).toEqual(before);
  });

  storeTest('many callers of every kind at once all come to their end', async (stores) => {
    await putInstallable(stores);
    await putSubnet(stores);
    const calls = Array.from({ length: 40 }, (_, at) => [
      stores.leases.claim(lease(`192.168.122.${at + 1}`, { clientKey: `client-${at}` }), 0),
      stores.events.append([event({ text: `event ${at}` })]),
      stores.machines.put(machine({ variables: { turn: String(at) } })),
      stores.machines.list(),
      stores.subnets.put(subnet({ domainName: `turn${at}.test` }), () => undefined),
    ]).flat();
    await Promise.all<unknown>(calls);
    expect(await stores.leases.list()).toHaveLength(40);
    expect(await stores.events.list({}, 100)).toHaveLength(40);
    expect(await stores.machines.list()).toHaveLength(1);
  });
}

function closeContract(storeTest: StoreTest): void {
  storeTest('what was asked before the close is done, what comes after is refused', async (stores) => {
    const appended = stores.events.append([event()]);
    const closed = stores.close();
    const late = stores.events.append([event()]);
    await expect(late).rejects.toMatchObject({ kind: 'closed' });
    await expect(appended).resolves.toHaveLength(1);
    await closed;
    await expect(stores.machines.list()).rejects.toMatchObject({ kind: 'closed' });
  });

  storeTest('closing twice is closing once', async (stores) => {
    await Promise.all([stores.close(), stores.close()]);
    await stores.close();
  });
}

async function contentOf(stores: Stores): Promise<Record<string, readonly unknown[]>> {
  return {
    machines: await stores.machines.list(),
    subnets: await stores.subnets.list(),
    leases: await stores.leases.list(),
    images: await stores.images.list(),
    profiles: await stores.profiles.list(),
    installs: await stores.installs.list({ limit: 100 }),
    events: await stores.events.list({}, 100),
  };
}
