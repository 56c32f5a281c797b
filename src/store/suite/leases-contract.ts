import { expect } from 'vitest';
import type { Lease } from '../../core/network/lease.ts';
import { bindsAddress } from '../../core/network/lease.ts';
import type { Stores } from '../../core/stores.ts';
import { ipv4ToNumber, parseIpv4, parseIpv4Network } from '../../lib/addresses.ts';
import type { StoreTest } from './open-stores.ts';
import { HOUR, MAC, NOON, OTHER_MAC, lease, putSubnet, subnet } from './samples.ts';

/** Before anything in these tests runs out, so that every claim succeeds in the order given. */
async function putLeases(stores: Stores, ...leases: readonly Lease[]): Promise<void> {
  await putSubnet(stores);
  await stores.subnets.put(
    subnet({ name: 'office', network: parseIpv4Network('10.0.0.0/8') }),
    () => undefined,
  );
  for (const each of leases) {
    expect(await stores.leases.claim(each, NOON)).toEqual({ claimed: true });
  }
}

export function leasesContract(storeTest: StoreTest): void {
  listContract(storeTest);
  clientContract(storeTest);
  boundContract(storeTest);
}

function listContract(storeTest: StoreTest): void {
  storeTest('lists leases by the number of their address, whatever their state', async (stores) => {
    await putLeases(
      stores,
      lease('192.168.122.100', { clientKey: 'a' }),
      lease('192.168.122.20', { clientKey: 'b', state: 'released' }),
      lease('192.168.122.3', { clientKey: 'c', expiresAtMs: NOON - HOUR }),
      lease('10.200.0.1', { clientKey: 'd', subnet: 'office', state: 'declined' }),
      lease('10.9.0.1', { clientKey: 'e', subnet: 'office' }),
    );
    expect((await stores.leases.list()).map((each) => each.address)).toEqual([
      '10.9.0.1',
      '10.200.0.1',
      '192.168.122.3',
      '192.168.122.20',
      '192.168.122.100',
    ]);
    const ofOffice = await stores.leases.list('office');
    expect(ofOffice.map((each) => each.address)).toEqual(['10.9.0.1', '10.200.0.1']);
    expect(await stores.leases.list('nowhere')).toEqual([]);
  });

  storeTest('orders addresses above 128.0.0.0 as numbers without a sign', async (stores) => {
    await putLeases(
      stores,
      lease('255.255.255.254', { clientKey: 'a' }),
      lease('128.0.0.1', { clientKey: 'b' }),
      lease('127.255.255.254', { clientKey: 'c' }),
    );
    const listed = (await stores.leases.list()).map((each) => ipv4ToNumber(each.address));
    expect(listed).toEqual([...listed].sort((one, other) => one - other));
  });

  storeTest(
    'gives the first leases that fit, by the number of their address, behind another',
    async (stores) => {
      const addresses = ['10.9.0.1', '127.255.255.254', '128.0.0.1', '192.168.122.20', '255.255.255.254'];
      const leases = addresses.map((address, at) =>
        lease(address, { clientKey: `c${at}`, ...(at < 2 ? { subnet: 'office' } : {}) }),
      );
      await putLeases(stores, ...leases.toReversed());
      const [first, second, third, fourth, fifth] = leases as [Lease, Lease, Lease, Lease, Lease];
      const fits = (): boolean => true;
      for (const [wanted, found] of [
        [{ limit: 9, fits }, leases],
        [{ limit: 2, fits }, [first, second]],
        [{ limit: 0, fits }, []],
        [{ limit: 2, fits, after: second.address }, [third, fourth]],
        [{ limit: 9, fits, after: parseIpv4('192.168.0.0') }, [fourth, fifth]],
        [{ limit: 9, fits, after: fifth.address }, []],
        [{ limit: 1, fits, subnet: 'office', after: first.address }, [second]],
        [{ limit: 2, fits: (one: Lease) => one.clientKey !== 'c1' }, [first, third]],
      ] as const)
        expect(await stores.leases.first(wanted)).toEqual(found);
      await stores.leases.claim(lease('127.0.0.1', { clientKey: 'new' }), NOON);
      expect((await stores.leases.first({ limit: 2, fits })).map((one) => one.address)).toEqual([
        first.address,
        '127.0.0.1',
      ]);
    },
  );

  storeTest('gives the lease of an address, whatever its state', async (stores) => {
    const released = lease('192.168.122.7', { state: 'released', expiresAtMs: NOON - HOUR });
    await putLeases(stores, released);
    expect(await stores.leases.byAddress(parseIpv4('192.168.122.7'))).toEqual(released);
    expect(await stores.leases.byAddress(parseIpv4('192.168.122.8'))).toBeUndefined();
  });
}

function clientContract(storeTest: StoreTest): void {
  storeTest('gives a client its newest lease of that subnet, held, released or run out', async (stores) => {
    const older = lease('192.168.122.7', { startedAtMs: NOON - HOUR, expiresAtMs: NOON - 1 });
    const newer = lease('192.168.122.9', { state: 'released' });
    const elsewhere = lease('10.0.0.1', { subnet: 'office', startedAtMs: NOON + HOUR });
    const another = lease('192.168.122.8', { clientKey: 'client-b', startedAtMs: NOON + HOUR });
    await putLeases(stores, older, newer, elsewhere, another);
    expect(await stores.leases.ofClient('lab', 'client-a')).toEqual(newer);
    expect(await stores.leases.ofClient('office', 'client-a')).toEqual(elsewhere);
    expect(await stores.leases.ofClient('office', 'client-b')).toBeUndefined();
  });

  storeTest('never gives a client the address it declined', async (stores) => {
    const first = lease('192.168.122.7', { startedAtMs: NOON - HOUR });
    const second = lease('192.168.122.9');
    await putLeases(stores, first, second);
    await stores.leases.decline(second.address, 'client-a', 'lab', NOON + HOUR, NOON);
    expect(await stores.leases.ofClient('lab', 'client-a')).toEqual({ ...first, state: 'released' });
    await stores.leases.decline(first.address, 'client-a', 'lab', NOON + HOUR, NOON);
    expect(await stores.leases.ofClient('lab', 'client-a')).toBeUndefined();
  });

  storeTest(
    'takes the lease that is held for the newest, also when the clock was set back',
    async (stores) => {
      const beforeTheChange = lease('192.168.122.7', { startedAtMs: NOON + 24 * HOUR });
      const afterTheChange = lease('192.168.122.9');
      await putLeases(stores, beforeTheChange, afterTheChange);
      expect(await stores.leases.ofClient('lab', 'client-a')).toEqual(afterTheChange);
    },
  );

  storeTest('gives the newest lease of a MAC address that is held and has not run out', async (stores) => {
    const mac = MAC;
    const older = lease('10.0.0.1', { mac, subnet: 'office', startedAtMs: NOON - HOUR, clientKey: 'rom' });
    const newer = lease('192.168.122.9', { mac, clientKey: 'installer' });
    const released = lease('192.168.122.8', {
      mac,
      clientKey: 'x',
      state: 'released',
      startedAtMs: NOON + 5,
    });
    const another = lease('192.168.122.6', { mac: OTHER_MAC, clientKey: 'z', startedAtMs: NOON + 7 });
    await putLeases(stores, older, newer, released, another, lease('192.168.122.10', { clientKey: 'none' }));
    expect(await stores.leases.ofMac(MAC, NOON)).toEqual(newer);
    expect(await stores.leases.ofMac(MAC, newer.expiresAtMs - 1)).toEqual(newer);
    expect(await stores.leases.ofMac(MAC, newer.expiresAtMs)).toBeUndefined();
    await stores.leases.decline(newer.address, 'installer', 'lab', NOON + HOUR, NOON);
    expect(await stores.leases.ofMac(MAC, NOON)).toEqual(older);
  });
}

function boundContract(storeTest: StoreTest): void {
  const range = { first: parseIpv4('192.168.122.20'), last: parseIpv4('192.168.122.110') };

  storeTest(
    'gives the addresses of a range that are bound, ends included, in numeric order',
    async (stores) => {
      const all = [
        lease('192.168.122.110', { clientKey: 'last' }),
        lease('192.168.122.20', { clientKey: 'first' }),
        lease('192.168.122.100', { clientKey: 'between' }),
        lease('192.168.122.99', { clientKey: 'declined', state: 'declined' }),
        lease('192.168.122.50', { clientKey: 'released', state: 'released' }),
        lease('192.168.122.51', { clientKey: 'run out', expiresAtMs: NOON }),
        lease('192.168.122.52', { clientKey: 'declined long ago', state: 'declined', expiresAtMs: NOON }),
        lease('192.168.122.111', { clientKey: 'above' }),
        lease('192.168.122.19', { clientKey: 'below' }),
      ];
      await putLeases(stores, ...all);
      for (const nowMs of [NOON - 1, NOON, NOON + HOUR - 1, NOON + HOUR]) {
        const expected = all
          .filter((each) => bindsAddress(each, nowMs))
          .map((each) => ipv4ToNumber(each.address))
          .filter((number) => number >= ipv4ToNumber(range.first) && number <= ipv4ToNumber(range.last))
          .sort((one, other) => one - other);
        const bound = await stores.leases.boundIn(range, nowMs);
        expect(bound.map(ipv4ToNumber), `at noon + ${nowMs - NOON} ms`).toEqual(expected);
      }
      const atNoon = await stores.leases.boundIn(range, NOON);
      expect(atNoon).toEqual(['192.168.122.20', '192.168.122.99', '192.168.122.100', '192.168.122.110']);
    },
  );

  storeTest('finds what is bound in the largest range there is', async (stores) => {
    await putLeases(stores, lease('10.0.0.1', { subnet: 'office' }));
    const everything = { first: parseIpv4('0.0.0.0'), last: parseIpv4('255.255.255.255') };
    expect(await stores.leases.boundIn(everything, NOON)).toEqual(['10.0.0.1']);
  });
}
