import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Ipv4Address } from '../../lib/addresses.ts';
import { ConflictProber, CONFLICT_REST_MS, PROBE_HOLDS_MS, PROBED_AHEAD } from './conflict-prober.ts';
import { at, CLASSIC, Lab, mac } from '../suite/dhcp-lab.ts';

let lab: Lab;
let occupied: Map<Ipv4Address, string>;
let asked: Ipv4Address[];
let reasons: string[];
let faults: unknown[];
let duringProbe: () => Promise<unknown>;

beforeEach(async () => {
  lab = await Lab.open();
  occupied = new Map();
  asked = [];
  reasons = [];
  faults = [];
  duringProbe = async () => {};
});
afterEach(async () => {
  await lab.close();
  expect(faults).toEqual([]);
});

function prober(): ConflictProber {
  return new ConflictProber({
    subnets: lab.stores.subnets,
    leases: lab.leases,
    events: lab.events,
    clock: { nowMs: () => lab.nowMs },
    probe: async (_subnet, addresses) => {
      asked.push(...addresses);
      await duringProbe();
      return { answered: new Map([...occupied].filter(([address]) => addresses.includes(address))) };
    },
    cannot: (because) => void reasons.push(because),
    failed: (error) => void faults.push(error),
  });
}

test('an address that answers is set aside before anybody is offered it, and the timeline says who answers', async () => {
  occupied.set(at(100), '52:54:00:99:99:99');
  await prober().look();
  expect(await lab.lease(mac(1))).toBe(at(101));
  const conflicts = (await lab.timeline()).filter((event) => event.kind === 'dhcp.conflict');
  expect(conflicts).toMatchObject([
    {
      text: '192.168.122.100 is in use by somebody unknown; nobody gets it for a day',
      because: expect.stringMatching(/^52:54:00:99:99:99 answers from it/),
      data: { address: at(100), subnet: 'lab' },
    },
  ]);
  expect(lab.leases.get(at(100))).toMatchObject({
    state: 'declined',
    expiresAtMs: lab.nowMs + CONFLICT_REST_MS,
  });
});

test('each address is asked for once in a while, and only ahead of need', async () => {
  await lab.add({ ...CLASSIC, ranges: [{ first: at(100), last: at(250) }] });
  const probing = prober();
  await probing.look();
  await probing.look();
  expect(asked).toHaveLength(PROBED_AHEAD);
  await lab.lease(mac(1));
  await probing.look();
  expect(asked.slice(PROBED_AHEAD)).toEqual([at(100 + PROBED_AHEAD)]);
  lab.nowMs += PROBE_HOLDS_MS;
  await probing.look();
  expect(asked).toHaveLength(2 * PROBED_AHEAD + 1);
});

test('a client that got its address while it was asked for is not taken for somebody unknown', async () => {
  occupied.set(at(100), '52:54:00:00:01:01');
  duringProbe = () => lab.lease(mac(1));
  await prober().look();
  expect(lab.leases.get(at(100))).toMatchObject({ state: 'held', mac: mac(1) });
});

test('addresses that were given or offered before are left alone', async () => {
  await lab.lease(mac(1));
  await prober().look();
  expect(asked).toEqual([at(101), at(102), at(103)]);
});

for (const [what, rules] of [
  ['where probing is off', { conflictProbe: false }],
  ['where nobody is served', { mode: 'off' }],
] as const) {
  test(`nobody is asked ${what}`, async () => {
    await lab.add({ ...CLASSIC, ...rules });
    await prober().look();
    expect(asked).toEqual([]);
  });
}

test('where nobody can be asked, that is said once', async () => {
  const probing = new ConflictProber({
    subnets: lab.stores.subnets,
    leases: lab.leases,
    events: lab.events,
    clock: { nowMs: () => lab.nowMs },
    probe: async () => ({ because: 'the right to raw sockets is missing (CAP_NET_RAW)' }),
    cannot: (because) => void reasons.push(because),
    failed: (error) => void faults.push(error),
  });
  await probing.look();
  await probing.look();
  expect(reasons).toEqual(['the right to raw sockets is missing (CAP_NET_RAW)']);
  expect(await lab.lease(mac(1))).toBe(at(100));
});
