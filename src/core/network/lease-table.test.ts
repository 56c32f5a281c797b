import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Ipv4Address,
  ipv4FromNumber,
  ipv4ToNumber,
  macFromBytes,
  parseIpv4,
  parseIpv4Network,
} from '../../lib/addresses.ts';
import { bindsAddress, type Lease, type LeaseState, macKey } from './lease.ts';
import { type LeaseChange, LeaseTable } from './lease-table.ts';
import type { Subnet } from './subnet.ts';

const NOON = 1_790_000_000_000;
const HOUR = 3_600_000;
const FIRST = ipv4ToNumber(parseIpv4('200.0.0.0'));
const at = (offset: number): Ipv4Address => ipv4FromNumber(FIRST + offset);
const mac = (number: number) => macFromBytes(Uint8Array.of(2, 0, 0, 0, 0, number));

const LAB: Subnet = {
  name: 'lab',
  network: parseIpv4Network('200.0.0.0/16'),
  mode: 'full',
  ranges: [{ first: at(10), last: at(19) }],
  reservations: [],
  routers: [],
  dnsServers: [],
  defaultLeaseSeconds: 3600,
  maxLeaseSeconds: 3600,
  options: [],
};

function lease(offset: number, change: Partial<Lease> = {}): Lease {
  return {
    address: at(offset),
    subnet: 'lab',
    clientKey: `c${offset}`,
    state: 'held',
    startedAtMs: NOON,
    expiresAtMs: NOON + HOUR,
    ...change,
  };
}

/** Some clients are their MAC address, some have another key. */
const keyOf = (client: number): string => (client % 2 === 0 ? macKey(mac(client)) : `c${client}`);

const CLIENTS = [0, 1, 2, 3];
const SUBNETS = ['lab', 'office'];

const step = fc.record({
  does: fc.constantFrom('put', 'claim', 'claim', 'release', 'decline', 'undo', 'shift'),
  offset: fc.nat({ max: 7 }),
  client: fc.nat({ max: 3 }),
  subnet: fc.constantFrom('lab', 'office'),
  state: fc.constantFrom<LeaseState>('held', 'released', 'declined'),
  startedAtMs: fc.integer({ min: NOON - 5, max: NOON }),
  endsInMs: fc.integer({ min: -10, max: 10 }),
});

/** Every question a table is asked. */
function answersOf(table: LeaseTable): unknown {
  return {
    all: table.list(),
    bound: table.boundIn({ first: at(0), last: at(99) }, NOON),
    ofMac: CLIENTS.map((client) => table.ofMac(mac(client), NOON)),
    inSubnets: SUBNETS.map((subnet) => ({
      all: table.list(subnet),
      ofClient: CLIENTS.map((client) => table.ofClient(subnet, keyOf(client))),
    })),
  };
}

/** The same questions answered by looking at every lease: what the table must say, however it finds it. */
function answersOfModel(model: readonly Lease[]): unknown {
  const inOrder = [...model].sort((one, other) => ipv4ToNumber(one.address) - ipv4ToNumber(other.address));
  const best = [...inOrder].sort(
    (one, other) =>
      Number(other.state === 'held') - Number(one.state === 'held') ||
      other.startedAtMs - one.startedAtMs ||
      other.expiresAtMs - one.expiresAtMs,
  );
  return {
    all: inOrder,
    bound: inOrder.filter((each) => bindsAddress(each, NOON)).map(({ address }) => address),
    ofMac: CLIENTS.map((client) =>
      best.find((each) => each.mac === mac(client) && each.state === 'held' && each.expiresAtMs > NOON),
    ),
    inSubnets: SUBNETS.map((subnet) => ({
      all: inOrder.filter((each) => each.subnet === subnet),
      ofClient: CLIENTS.map((client) =>
        best.find(
          (each) => each.subnet === subnet && each.clientKey === keyOf(client) && each.state !== 'declined',
        ),
      ),
    })),
  };
}

test('the table answers as if it looked at every lease, whatever was done in which order', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const table = new LeaseTable();
      let changes: readonly LeaseChange[] = [];
      let before = table.list();
      for (const { does, offset, client, subnet, state, startedAtMs, endsInMs } of steps) {
        const clientKey = keyOf(client);
        const address = at(offset);
        const wanted = lease(offset, {
          clientKey,
          subnet,
          mac: mac(client),
          startedAtMs,
          expiresAtMs: NOON + endsInMs,
        });
        const untilMs = NOON + endsInMs;
        if (does !== 'undo') before = table.list();
        if (does === 'put') changes = [table.put({ ...wanted, state })];
        if (does === 'claim') {
          const claim = table.claim(wanted, NOON);
          changes = claim.claimed ? claim.changes : [];
        }
        if (does === 'release') changes = table.release(address, clientKey, NOON);
        if (does === 'decline') changes = table.decline({ address, clientKey, subnet, untilMs, nowMs: NOON });
        if (does === 'shift') {
          table.shift(7);
          table.shift(-7);
          changes = [];
        }
        if (does === 'undo') {
          for (const change of [...changes].reverse()) table.undo(change);
          changes = [];
          expect(table.list()).toEqual(before);
        }
        expect(table.first({ limit: Infinity, fits: () => true })).toEqual(table.list());
        expect(answersOf(table)).toEqual(answersOfModel(table.list()));
      }
    }),
    { numRuns: 300 },
  );
});

test('a lease keeps every field, among more than the first columns hold', () => {
  const table = new LeaseTable();
  const all = Array.from({ length: 5_000 }, (_, offset) =>
    lease(offset, {
      mac: mac(offset & 255),
      hostname: `host-${offset}`,
      vendorClass: 'PXEClient',
      state: (['held', 'released', 'declined'] as const)[offset % 3] ?? 'held',
      startedAtMs: NOON - offset,
    }),
  );
  for (const each of all) table.put(each);
  expect(table.list()).toEqual(all);
  for (const each of all) table.remove(each.address);
  expect(table.size).toBe(0);
  for (const each of all) table.put(each);
  expect(table.list()).toEqual(all);
});

test('of many leases no more are looked at than are wanted', () => {
  const table = new LeaseTable();
  for (let offset = 0; offset < 1_000; offset += 1) table.put(lease(offset));
  const looked: Ipv4Address[] = [];
  const fits = ({ address }: Lease): boolean => looked.push(address) > 0;
  expect(table.first({ after: at(499), limit: 2, fits })).toEqual([lease(500), lease(501)]);
  expect(looked).toEqual([at(500), at(501)]);
});

describe('nextFree gives', () => {
  const open = { nowMs: NOON, isOpen: () => true };
  const give = (table: LeaseTable, times: number, subnet = LAB, nowMs = NOON) =>
    Array.from({ length: times }, () => {
      const free = table.nextFree(subnet, { ...open, nowMs });
      return free && [free.was, ipv4ToNumber(free.address) - FIRST];
    });

  test('each address nobody ever had once, and then those again that nobody took', () => {
    const table = new LeaseTable();
    const offered = new Set<Ipv4Address>();
    const isOpen = (address: Ipv4Address): boolean => !offered.has(address);
    for (let offset = 10; offset < 20; offset += 1) {
      const free = table.nextFree(LAB, { nowMs: NOON, isOpen });
      expect(free).toEqual({ address: at(offset), was: 'never leased' });
      offered.add(at(offset));
    }
    expect(table.nextFree(LAB, { nowMs: NOON, isOpen })).toBeUndefined();
    table.put(lease(10));
    offered.delete(at(12));
    expect(table.nextFree(LAB, { nowMs: NOON, isOpen })).toEqual({ address: at(12), was: 'never leased' });
  });

  test('what ran out before what was given back, each the longest ended first', () => {
    const table = new LeaseTable();
    for (let offset = 10; offset < 20; offset += 1) table.put(lease(offset));
    table.put(lease(15, { expiresAtMs: NOON - 1 }));
    table.put(lease(17, { expiresAtMs: NOON - 2 }));
    table.put(lease(14, { state: 'declined', expiresAtMs: NOON - 3 }));
    table.release(at(19), 'c19', NOON);
    table.release(at(11), 'c11', NOON);
    const given: unknown[] = [];
    for (let count = 0; count < 5; count += 1) {
      const free = table.nextFree(LAB, open);
      if (!free) break;
      given.push([free.was, ipv4ToNumber(free.address) - FIRST]);
      table.put({ ...lease(0), address: free.address, clientKey: `new ${count}` });
    }
    expect(given).toEqual([
      ['run out', 14],
      ['run out', 17],
      ['run out', 15],
      ['released', 19],
      ['released', 11],
    ]);
    expect(table.nextFree(LAB, open)).toBeUndefined();
  });

  test('nothing that is kept for somebody, whether it was leased or not', () => {
    const table = new LeaseTable();
    table.put(lease(12, { expiresAtMs: NOON - 1 }));
    table.put(lease(14, { expiresAtMs: NOON - 1 }));
    const subnet: Subnet = {
      ...LAB,
      ranges: [{ first: at(10), last: at(14) }],
      routers: [at(10)],
      reservations: [
        { mac: mac(1), address: at(11) },
        { mac: mac(2), address: at(12) },
      ],
    };
    expect(give(table, 1, subnet)).toEqual([['never leased', 13]]);
    table.put(lease(13));
    expect(give(table, 2, subnet)).toEqual([
      ['run out', 14],
      ['run out', 14],
    ]);
  });

  test('what a changed subnet has, and nothing that it has no more', () => {
    const table = new LeaseTable();
    table.put(lease(10, { expiresAtMs: NOON - 1 }));
    table.put(lease(30, { expiresAtMs: NOON - 2 }));
    const narrow: Subnet = { ...LAB, ranges: [{ first: at(10), last: at(10) }] };
    expect(give(table, 2, narrow)).toEqual([
      ['run out', 10],
      ['run out', 10],
    ]);
    const elsewhere: Subnet = { ...LAB, ranges: [{ first: at(30), last: at(31) }] };
    expect(give(table, 1, elsewhere)).toEqual([['never leased', 31]]);
    table.put(lease(31));
    expect(give(table, 1, elsewhere)).toEqual([['run out', 30]]);
  });
});

describe('count', () => {
  test('tells how many addresses of the ranges there are for anybody, and how many are used', () => {
    const table = new LeaseTable();
    const subnet: Subnet = {
      ...LAB,
      routers: [at(10)],
      reservations: [{ mac: mac(1), address: at(11) }],
    };
    table.put(lease(10));
    table.put(lease(11));
    table.put(lease(12));
    table.put(lease(13, { state: 'declined' }));
    table.put(lease(14, { state: 'released' }));
    table.put(lease(15, { expiresAtMs: NOON + 1 }));
    table.put(lease(50));
    expect(table.count(subnet, NOON)).toEqual({ size: 8, used: 3 });
    expect(table.count(subnet, NOON + 1)).toEqual({ size: 8, used: 2 });
    expect(table.count(LAB, NOON + 1)).toEqual({ size: 10, used: 4 });
    expect(table.fates('lab', NOON + 1)).toEqual({ held: 4, declined: 1, released: 1, 'run out': 1 });
    table.put(lease(13));
    expect(table.fates('lab', NOON + 1)).toEqual({ held: 5, declined: 0, released: 1, 'run out': 1 });
    table.forget('lab');
    expect(table.count(LAB, NOON)).toEqual({ size: 10, used: 0 });
    expect(table.fates('lab', NOON)).toEqual({ held: 0, declined: 0, released: 0, 'run out': 0 });
    expect(table.size).toBe(0);
  });
});
