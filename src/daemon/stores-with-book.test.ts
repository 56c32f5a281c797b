import { afterEach, beforeEach, expect, test } from 'vitest';
import { siteWrites } from '../core/site/suite/site-writes.ts';
import type { Stores } from '../core/stores.ts';
import { openLeaseBook } from '../services/suite/opened-lease-book.ts';
import { openEmptyStores } from '../store/sqlite/suite/open-sqlite.ts';
import { lease, NOON, subnet } from '../store/suite/samples.ts';
import { storesWithBook } from './stores-with-book.ts';

let opened: Stores;
let stores: ReturnType<typeof storesWithBook>;
beforeEach(async () => {
  opened = await openEmptyStores();
  stores = storesWithBook(opened, await openLeaseBook(opened.leaseRecords, { nowMs: () => NOON }));
  await stores.subnets.put(subnet(), () => undefined);
  await stores.leases.claim(lease('192.168.122.100'), NOON);
});
afterEach(async () => {
  await stores.leases.close();
  await opened.close();
});

for (const [title, remove] of [
  ['by itself', () => stores.subnets.remove('lab')],
  [
    'with a site',
    () => stores.site.change(({ subnets }) => siteWrites({ subnets: { put: [], remove: subnets } })),
  ],
] as const) {
  test(`a subnet that goes ${title} takes its leases out of memory along`, async () => {
    expect(await stores.leases.list()).toHaveLength(1);
    await remove();
    expect(await stores.leases.list()).toEqual([]);
  });
}

test('a subnet that a site changes keeps its leases', async () => {
  const put = [subnet({ domainName: 'new.test' })];
  await stores.site.change(() => siteWrites({ subnets: { put, remove: [] } }));
  expect(await stores.leases.list()).toHaveLength(1);
});
