import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Facts } from '../../core/machines/facts.ts';
import type { FactStore } from '../../core/machines/fact-store.ts';
import type { Stores } from '../../core/stores.ts';
import { parseMac } from '../../lib/addresses.ts';
import { openEmptyStores } from '../../store/sqlite/suite/open-sqlite.ts';
import { machine, NOON, OTHER_MAC } from '../../store/suite/samples.ts';
import { FactService, FULL_TURN, SEEN_GATHER_MS, SEEN_WRITE_EVERY_MS } from './fact-service.ts';

let stores: Stores;
let facts: FactService;
let nowMs = NOON;
let writes = 0;
let reads = 0;
/** What does not work for now. */
let broken: 'ofMachines' | 'putAll' | undefined;
const faults: unknown[] = [];
const { id } = machine();
const OTHER = machine({ id: 'm-000000000002', name: 'web-2', macs: [OTHER_MAC] });

function open(): FactService {
  const store: FactStore = {
    ...stores.facts,
    ofMachines: async (ids) => {
      reads += 1;
      if (broken === 'ofMachines') throw new Error('the disk does not read');
      return await stores.facts.ofMachines(ids);
    },
    putAll: async (reports) => {
      writes += 1;
      if (broken === 'putAll') throw new Error('the disk is full');
      return await stores.facts.putAll(reports);
    },
  };
  return new FactService({
    facts: store,
    clock: { nowMs: () => nowMs },
    failed: (error) => void faults.push(error),
  });
}

beforeEach(async () => {
  stores = await openEmptyStores();
  await stores.machines.put(machine());
  nowMs = NOON;
  writes = 0;
  reads = 0;
  broken = undefined;
  faults.length = 0;
  facts = open();
});
afterEach(async () => {
  vi.useRealTimers();
  expect(faults).toEqual([]);
  await stores.close();
});

async function see(seen: Parameters<FactService['seen']>[2]): Promise<void> {
  facts.seen(id, 'dhcp', seen);
  await facts.settled();
}

test('what is seen comes together, whichever message told it', async () => {
  await see({ firmware: 'UEFI', vendorClass: 'PXEClient' });
  nowMs += SEEN_WRITE_EVERY_MS;
  await see({ hostname: 'web-1' });
  expect((await facts.ofMachine(id)).facts).toEqual({
    firmware: 'UEFI',
    vendorClass: 'PXEClient',
    hostname: 'web-1',
  });
});

test('what is known is not written again, also not after a restart', async () => {
  await see({ firmware: 'UEFI' });
  nowMs += SEEN_WRITE_EVERY_MS;
  await see({ firmware: 'UEFI' });
  facts = open();
  await see({ firmware: 'UEFI' });
  expect(writes).toBe(1);
});

test('a machine that tells something else with each packet is written seldom, and then as it is last', async () => {
  for (let packet = 0; packet < 50; packet += 1) await see({ hostname: `evil-${packet}` });
  expect(writes).toBe(1);
  nowMs += SEEN_WRITE_EVERY_MS;
  await see({ firmware: 'BIOS' });
  expect(writes).toBe(2);
  expect((await facts.ofMachine(id)).facts).toEqual({ hostname: 'evil-49', firmware: 'BIOS' });
});

test('a report replaces what the same source said, and is told with who said it', async () => {
  expect(await facts.said(id, 'installer', { memoryMegabytes: 512, serial: 'A' })).toBe(true);
  nowMs += 1;
  expect(await facts.said(id, 'installer', { memoryMegabytes: 1024 })).toBe(true);
  expect(await facts.ofMachine(id)).toEqual({
    facts: { memoryMegabytes: 1024 },
    origins: { memoryMegabytes: { source: 'installer', atMs: NOON + 1 } },
    reports: [{ source: 'installer', atMs: NOON + 1, facts: { memoryMegabytes: 1024 } }],
  });
});

test('nothing is kept of a machine that nobody knows', async () => {
  expect(await facts.said('m-000000000009', 'installer', { memoryMegabytes: 512 })).toBe(false);
});

async function factsOf(machineId: string): Promise<Facts> {
  return (await facts.ofMachine(machineId)).facts;
}

describe('what is seen of many machines', () => {
  test('together is read once and written once, each with what is its own', async () => {
    // Fewer than begin a turn by themselves.
    const room = Array.from({ length: FULL_TURN / 2 - 1 }, (_, at) => {
      const number = at.toString(16).padStart(4, '0');
      const mac = parseMac(`52:54:00:00:${number.slice(0, 2)}:${number.slice(2)}`);
      return machine({ id: `m-00000000${number}`, name: `node-${at}`, macs: [mac] });
    });
    await stores.machines.remove(id);
    await stores.machines.putAll(() => ({ put: room, events: [] }));
    for (const one of room) {
      facts.seen(one.id, 'dhcp', { firmware: 'UEFI' });
      facts.seen(one.id, 'ipxe', { serial: one.name });
      facts.seen(one.id, 'dhcp', { hostname: one.name });
    }
    await facts.settled();
    expect([reads, writes]).toEqual([1, 1]);
    const all = await stores.facts.all();
    expect(all.size).toBe(room.length);
    for (const { id: machineId, name } of room)
      expect(all.get(machineId)).toEqual([
        { source: 'dhcp', atMs: NOON, facts: { firmware: 'UEFI', hostname: name } },
        { source: 'ipxe', atMs: NOON, facts: { serial: name } },
      ]);
  });

  test('is written but for those that are gone', async () => {
    await stores.machines.put(OTHER);
    for (const one of [id, OTHER.id, 'm-000000000009']) facts.seen(one, 'dhcp', { firmware: 'UEFI' });
    await stores.machines.remove(OTHER.id);
    await facts.settled();
    const report = { source: 'dhcp', atMs: NOON, facts: { firmware: 'UEFI' } };
    expect(await stores.facts.all()).toEqual(new Map([[id, [report]]]));
  });

  test('gathers for a moment, and is told with the time of its packet', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    facts.seen(id, 'dhcp', { firmware: 'UEFI' });
    vi.advanceTimersByTime(SEEN_GATHER_MS - 1);
    nowMs += 1;
    facts.seen(id, 'dhcp', { hostname: 'web-1' });
    nowMs += 1;
    await stores.facts.all();
    expect([reads, writes]).toEqual([0, 0]);
    vi.advanceTimersByTime(1);
    await vi.waitUntil(async () => (await stores.facts.ofMachine(id)).length > 0);
    expect(await stores.facts.ofMachine(id)).toEqual([
      { source: 'dhcp', atMs: NOON + 1, facts: { firmware: 'UEFI', hostname: 'web-1' } },
    ]);
  });

  test('does not gather longer once there are many', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    for (let at = 0; at < FULL_TURN; at += 1) facts.seen(`m-${at}`, 'dhcp', { firmware: 'UEFI' });
    await Promise.resolve();
    await Promise.resolve();
    expect(reads).toBe(1);
    await facts.settled();
    expect([reads, writes]).toEqual([1, 1]);
  });
});

describe('while two machines become one, or one two', () => {
  test('what gathers, or had gathered, for those that are forgotten is not written', async () => {
    await stores.machines.put(OTHER);
    facts.seen(id, 'dhcp', { hostname: 'before' });
    facts.seen(OTHER.id, 'dhcp', { hostname: 'web-2' });
    let settled: Promise<void> | undefined;
    await facts.apart(async (forget) => {
      facts.seen(id, 'ipxe', { serial: 'meanwhile' });
      settled = facts.settled();
      await stores.machines.list();
      expect([reads, writes]).toEqual([0, 0]);
      forget(id);
    });
    await settled;
    expect(await factsOf(id)).toEqual({});
    expect(await factsOf(OTHER.id)).toEqual({ hostname: 'web-2' });
  });

  test('what is under way is written before', async () => {
    facts.seen(id, 'dhcp', { hostname: 'before' });
    const settled = facts.settled();
    const told = await facts.apart(() => factsOf(id));
    expect(told).toEqual({ hostname: 'before' });
    await settled;
  });

  test('a change that does not work holds nothing up', async () => {
    const failing = facts.apart(() => Promise.reject(new Error('no')));
    facts.seen(id, 'dhcp', { hostname: 'web-1' });
    await expect(failing).rejects.toThrow('no');
    await facts.settled();
    expect(await factsOf(id)).toEqual({ hostname: 'web-1' });
  });
});

for (const what of ['ofMachines', 'putAll'] as const) {
  describe(`when ${what} fails`, () => {
    test('that is told once, and the next packet of a machine writes all that was seen of it', async () => {
      await stores.machines.put(OTHER);
      broken = what;
      facts.seen(OTHER.id, 'dhcp', { firmware: 'BIOS' });
      await see({ firmware: 'UEFI' });
      await see({ vendorClass: 'PXEClient' });
      expect(faults.splice(0)).toHaveLength(1);
      broken = undefined;
      await see({ hostname: 'web-1' });
      expect(await factsOf(id)).toEqual({ firmware: 'UEFI', vendorClass: 'PXEClient', hostname: 'web-1' });
      facts.seen(OTHER.id, 'dhcp', { hostname: 'web-2' });
      await facts.settled();
      expect(await factsOf(OTHER.id)).toEqual({ firmware: 'BIOS', hostname: 'web-2' });
    });

    test('what came in the meantime is not lost, and a failure after that is told anew', async () => {
      broken = what;
      facts.seen(id, 'dhcp', { firmware: 'UEFI', hostname: 'old' });
      const failing = facts.settled();
      await Promise.resolve();
      await Promise.resolve();
      facts.seen(id, 'dhcp', { hostname: 'new' });
      await failing;
      broken = undefined;
      await facts.settled();
      expect(await factsOf(id)).toEqual({ firmware: 'UEFI', hostname: 'new' });
      broken = what;
      facts.seen('m-000000000009', 'dhcp', { firmware: 'UEFI' });
      await facts.settled();
      expect(faults.splice(0)).toHaveLength(2);
    });
  });
}
