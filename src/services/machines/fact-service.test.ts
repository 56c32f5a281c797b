import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Stores } from '../../core/stores.ts';
import { openEmptyStores } from '../../store/sqlite/suite/open-sqlite.ts';
import { machine, NOON } from '../../store/suite/samples.ts';
import { FactService, SEEN_WRITE_EVERY_MS } from './fact-service.ts';

let stores: Stores;
let facts: FactService;
let nowMs = NOON;
let writes = 0;
const faults: unknown[] = [];
const { id } = machine();

function open(): FactService {
  const store = {
    ...stores.facts,
    put: (...given: Parameters<typeof stores.facts.put>) => {
      writes += 1;
      return stores.facts.put(...given);
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
  facts = open();
});
afterEach(async () => {
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
