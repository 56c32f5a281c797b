import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Facts } from '../../core/machines/facts.ts';
import type { Machine } from '../../core/machines/machine.ts';
import type { Stores } from '../../core/stores.ts';
import { openEmptyStores } from '../../store/sqlite/suite/open-sqlite.ts';
import { MAC, machine, NOON, OTHER_MAC } from '../../store/suite/samples.ts';
import { EventLog } from '../event-log.ts';
import { FactService, SEEN_WRITE_EVERY_MS } from './fact-service.ts';
import { MachineChanges } from './machine-changes.ts';

const ONE = machine();
const OTHER = machine({ id: 'm-000000000002', name: 'web-2', macs: [OTHER_MAC] });

let stores: Stores;
let facts: FactService;
let changes: MachineChanges;
let nowMs = NOON;
/** Happens within the transaction of a merge. */
let meanwhile: () => void;
const faults: unknown[] = [];

beforeEach(async () => {
  stores = await openEmptyStores();
  nowMs = NOON;
  meanwhile = () => undefined;
  const clock = { nowMs: () => nowMs };
  const failed = (error: unknown): void => void faults.push(error);
  facts = new FactService({ facts: stores.facts, clock, failed });
  changes = new MachineChanges({
    machines: {
      ...stores.machines,
      merge: (ids, decide) =>
        stores.machines.merge(ids, (into, from) => {
          meanwhile();
          return decide(into, from);
        }),
    },
    found: { find: (name) => stores.machines.byName(name) },
    events: new EventLog({ events: stores.events, clock, failed }),
    seenFacts: facts,
    clock,
    randomHex: () => '000000000003',
  });
});
afterEach(async () => {
  expect(faults).toEqual([]);
  await stores.close();
});

async function see({ id }: Machine, seen: Facts): Promise<void> {
  nowMs += 1;
  facts.seen(id, 'dhcp', seen);
  await facts.settled();
}

async function factsOf({ id }: Machine): Promise<Facts> {
  return (await facts.ofMachine(id)).facts;
}

describe('what is seen next of a machine', () => {
  test('that another was merged into comes to what was seen of both, and not to what it was before', async () => {
    for (const one of [ONE, OTHER]) await stores.machines.put(one);
    await see(ONE, { firmware: 'BIOS', hostname: 'old' });
    await see(OTHER, { firmware: 'UEFI', vendorClass: 'PXEClient' });
    expect(await changes.merge(ONE.name, OTHER.name)).toMatchObject({ done: true });
    expect(await factsOf(ONE)).toEqual({ firmware: 'UEFI', vendorClass: 'PXEClient' });
    nowMs += SEEN_WRITE_EVERY_MS;
    await see(ONE, { hostname: 'new' });
    expect(await factsOf(ONE)).toEqual({ firmware: 'UEFI', vendorClass: 'PXEClient', hostname: 'new' });
  });

  test('that another was split off has nothing that was seen of both and was not written yet', async () => {
    await stores.machines.put({ ...ONE, macs: [MAC, OTHER_MAC] });
    await see(ONE, { firmware: 'BIOS' });
    await see(ONE, { vendorClass: 'of the other card' });
    expect(await changes.split(ONE.name, { mac: OTHER_MAC, name: OTHER.name })).toMatchObject({ done: true });
    nowMs += SEEN_WRITE_EVERY_MS;
    await see(ONE, { hostname: 'web-1' });
    expect(await factsOf(ONE)).toEqual({ firmware: 'BIOS', hostname: 'web-1' });
  });
});

describe('what was seen and is not written yet', () => {
  test('when another is merged into it comes to what that one told, if it is under way by then', async () => {
    for (const one of [ONE, OTHER]) await stores.machines.put(one);
    await see(ONE, { firmware: 'BIOS' });
    await see(OTHER, { firmware: 'UEFI' });
    nowMs += SEEN_WRITE_EVERY_MS;
    facts.seen(OTHER.id, 'dhcp', { vendorClass: 'PXEClient' });
    const settled = facts.settled();
    expect(await changes.merge(ONE.name, OTHER.name)).toMatchObject({ done: true });
    await settled;
    expect(await factsOf(ONE)).toEqual({ firmware: 'UEFI', vendorClass: 'PXEClient' });
    expect(await stores.facts.ofMachine(OTHER.id)).toEqual([]);
  });

  test('when another is merged into it does not go over what that one told', async () => {
    for (const one of [ONE, OTHER]) await stores.machines.put(one);
    await see(ONE, { firmware: 'BIOS' });
    await see(OTHER, { firmware: 'UEFI' });
    nowMs += SEEN_WRITE_EVERY_MS;
    let settled: Promise<void> | undefined;
    meanwhile = () => {
      facts.seen(ONE.id, 'dhcp', { hostname: 'old' });
      settled = facts.settled();
    };
    expect(await changes.merge(ONE.name, OTHER.name)).toMatchObject({ done: true });
    await settled;
    expect(await factsOf(ONE)).toEqual({ firmware: 'UEFI' });
  });

  test('when another is split off goes to neither', async () => {
    await stores.machines.put({ ...ONE, macs: [MAC, OTHER_MAC] });
    facts.seen(ONE.id, 'dhcp', { vendorClass: 'of either card' });
    const splitting = changes.split(ONE.name, { mac: OTHER_MAC, name: OTHER.name });
    expect(await splitting).toMatchObject({ done: true });
    await facts.settled();
    expect(await stores.facts.all()).toEqual(new Map());
  });
});
