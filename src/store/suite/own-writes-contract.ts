import { expect } from 'vitest';
import type { Stores } from '../../core/stores.ts';
import { DEFAULT_POLICY } from '../../core/policy/policy.ts';
import type { StoreTest } from './open-stores.ts';
import {
  event,
  image,
  install,
  lease,
  MAC,
  machine,
  NOON,
  profile,
  putInstallable,
  putSubnet,
  subnet,
} from './samples.ts';

interface OwnWrite {
  readonly what: string;
  readonly write: (stores: Stores) => Promise<unknown>;
  readonly read: (stores: Stores) => Promise<unknown>;
  readonly reads: unknown;
}

const RENAMED = machine({ name: 'renamed' });
const SESSION = { user: 'anna', createdAtMs: NOON, lastSeenAtMs: NOON, address: '::1', agent: 'x' };
const TOKEN = { id: 't-1', user: 'anna', title: 'x', role: 'viewer', only: [], createdAtMs: NOON } as const;
const ENTRY = {
  atMs: NOON,
  who: 'anna',
  by: 'local',
  address: '',
  route: 'r',
  path: '/p',
  status: 200,
} as const;

/** In this order, each on what those before it wrote; what is read is read in the moment in which the write is done. */
const OWN_WRITES: readonly OwnWrite[] = [
  {
    what: 'a machine that is renamed',
    write: ({ machines }) => machines.change(RENAMED.id, () => ({ change: true, machine: RENAMED })),
    read: async ({ machines }) => [
      await machines.byId(RENAMED.id),
      await machines.byName('renamed'),
      await machines.byName('web-1'),
      await machines.byMac(MAC),
      (await machines.page({ sort: 'name', limit: 1, text: 'rename' })).machines[0],
      (await machines.page({ sort: '-name', limit: 1, state: 'none' })).machines[0],
      (await machines.namesOf([RENAMED.id])).get(RENAMED.id),
    ],
    reads: [RENAMED, RENAMED, undefined, RENAMED, RENAMED, RENAMED, 'renamed'],
  },
  {
    what: 'an install that is armed',
    write: ({ installs }) => installs.create(install(), event()),
    read: async ({ installs }) => [
      await installs.byId(install().id),
      await installs.byToken(install().token),
      await installs.openOf(machine().id),
      (await installs.list({ machineId: machine().id, limit: 1 }))[0],
      (await installs.page({ limit: 1 })).installs[0],
      (await installs.listOpen())[0],
    ],
    reads: Array.from({ length: 6 }, () => install()),
  },
  {
    what: 'an install that is cancelled',
    write: ({ installs }) => installs.advance(install(), install({ state: 'cancelled' }), event()),
    read: async ({ installs, machines }) => [
      await installs.openOf(machine().id),
      (await installs.list({ machineId: machine().id, limit: 1 }))[0]?.state,
      (await machines.page({ sort: 'name', limit: 1, state: 'cancelled' })).total,
    ],
    reads: [undefined, 'cancelled', 1],
  },
  {
    what: 'a profile and an image',
    write: async ({ images, profiles }) => {
      await images.change(image({ title: 'other' }));
      await profiles.put(profile({ arguments: 'quiet' }));
    },
    read: async ({ images, profiles }) => [
      (await images.byName(image().name))?.title,
      (await profiles.byName(profile().name))?.arguments,
    ],
    reads: ['other', 'quiet'],
  },
  {
    what: 'a subnet, a lease and the policy',
    write: async ({ subnets, leases, policy }) => {
      await subnets.put(subnet({ mode: 'off' }), () => undefined);
      await leases.claim(lease('192.168.122.7', { mac: MAC }), NOON);
      await policy.put({ ...DEFAULT_POLICY, authoritative: true });
    },
    read: async ({ subnets, leases, policy }) => [
      (await subnets.byName('lab'))?.mode,
      (await leases.ofMac(MAC, NOON))?.address,
      (await policy.get()).authoritative,
    ],
    reads: ['off', '192.168.122.7', true],
  },
  {
    what: 'a session, a token and what was noted of them',
    write: async ({ people, audit }) => {
      await people.addSession('session', SESSION);
      await people.addToken('token', TOKEN);
      await audit.note(ENTRY);
    },
    read: async ({ people, audit }) => [
      (await people.session('session'))?.user.name,
      (await people.token('token'))?.token.id,
      (await audit.list({}, 1))[0]?.route,
    ],
    reads: ['anna', 't-1', 'r'],
  },
  {
    what: 'a session and a token that are taken away',
    write: async ({ people }) => {
      await people.endSession('session');
      await people.removeToken('t-1');
    },
    read: async ({ people }) => [await people.session('session'), await people.token('token')],
    reads: [undefined, undefined],
  },
  {
    what: 'a machine that is forgotten',
    write: ({ machines }) => machines.remove(machine().id),
    read: async ({ machines, installs }) => [
      await machines.byId(machine().id),
      await machines.byName('renamed'),
      (await machines.page({ sort: 'name', limit: 1, text: 'rename' })).total,
      await installs.byId(install().id),
      await installs.list({ machineId: machine().id, limit: 1 }),
    ],
    reads: [undefined, undefined, 0, undefined, []],
  },
];

/** Reads do not wait for writes, so that of one's own must be done when it is said to be. */
export function ownWritesContract(storeTest: StoreTest): void {
  storeTest('whoever wrote something reads it, while others write without a break', async (stores) => {
    await putInstallable(stores);
    await putSubnet(stores);
    await stores.people.addUser(
      { name: 'anna', role: 'admin', state: 'active', createdAtMs: NOON },
      'x',
      () => undefined,
    );
    for (const { what, write, read, reads } of OWN_WRITES) {
      // What is remembered of before is not told afterwards.
      await read(stores);
      const others = writeMuch(stores);
      await write(stores);
      expect(await read(stores), what).toEqual(reads);
      await Promise.all(others);
      expect(await read(stores), what).toEqual(reads);
    }
  });
}

/** Some of it is done before, and some after what is written next. */
function writeMuch({ events, machines }: Stores): readonly Promise<unknown>[] {
  return Array.from({ length: 10 }, (_, at) =>
    at % 2 === 0
      ? events.append(Array.from({ length: 50 }, () => event()))
      : machines.put(machine({ id: `m-other-${at}`, name: `other-${at}`, macs: [], serial: `S${at}` })),
  );
}
