import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Stores } from '../../core/stores.ts';
import { parseIpv4 } from '../../lib/addresses.ts';
import { openEmptyStores } from '../../store/sqlite/suite/open-sqlite.ts';
import { HOUR, lease, MAC, NOON, OTHER_MAC, putSubnet } from '../../store/suite/samples.ts';
import type { Happening } from '../event-log.ts';
import { LeaseService } from './lease-service.ts';

const HELD = lease('192.168.122.100', { mac: MAC });
const EXPIRED = lease('192.168.122.101', { clientKey: 'client-b', mac: OTHER_MAC, expiresAtMs: NOON - 1 });
const HELD_TOO = lease('192.168.122.102', { clientKey: 'client-c' });

let stores: Stores;
let noted: Happening[];
let service: LeaseService;

beforeEach(async () => {
  stores = await openEmptyStores();
  noted = [];
  service = new LeaseService({
    leases: stores.leases,
    events: { note: (happening) => void noted.push(happening) },
    clock: { nowMs: () => NOON },
  });
  await putSubnet(stores);
  for (const each of [HELD, EXPIRED, HELD_TOO]) await stores.leases.claim(each, NOON - HOUR);
});

afterEach(async () => {
  await stores.close();
});

for (const [filter, limit, found] of [
  [{}, 1000, [HELD, EXPIRED, HELD_TOO]],
  [{}, 2, [HELD, EXPIRED]],
  [{ after: HELD.address }, 1, [EXPIRED]],
  [{ state: 'held' }, 1000, [HELD, HELD_TOO]],
  [{ state: 'expired' }, 1000, [EXPIRED]],
  [{ mac: MAC, subnet: 'lab' }, 1000, [HELD]],
  [{ subnet: 'office' }, 1000, []],
] as const) {
  test(`lists ${found.length} of the leases for ${JSON.stringify(filter)}, ${limit} at most`, async () => {
    expect(await service.list(filter, limit)).toEqual(found);
  });
}

test('frees a lease, for others and in the timeline', async () => {
  expect(await service.free(HELD.address)).toEqual({ done: true, lease: { ...HELD, state: 'released' } });
  expect(noted).toMatchObject([
    { kind: 'dhcp.released', mac: MAC, text: '192.168.122.100 was freed by hand', because: `${MAC} had it` },
  ]);
  const next = lease('192.168.122.100', { clientKey: 'client-d' });
  expect(await stores.leases.claim(next, NOON)).toEqual({ claimed: true });
});

test('ends the rest of an address that was found in use', async () => {
  await stores.leases.decline(HELD.address, HELD.clientKey, 'lab', NOON + HOUR, NOON);
  expect(await service.free(HELD.address)).toMatchObject({ done: true });
  const next = lease('192.168.122.100', { clientKey: 'client-d' });
  expect(await stores.leases.claim(next, NOON)).toEqual({ claimed: true });
});

for (const [what, address, refused] of [
  [
    'an address nobody ever had',
    '192.168.122.7',
    { no: 'not found', because: 'there is no lease of "192.168.122.7"' },
  ],
  ['a lease that is over', '192.168.122.101', { no: 'refused', because: '192.168.122.101 is free already' }],
] as const) {
  test(`does not free ${what}`, async () => {
    expect(await service.free(parseIpv4(address))).toEqual({ done: false, ...refused });
    expect(noted).toEqual([]);
  });
}
