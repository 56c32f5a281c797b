import { expect } from 'vitest';
import type { Lease } from '../../core/network/lease.ts';
import { parseIpv4 } from '../../lib/addresses.ts';
import type { StoreTest } from './open-stores.ts';
import { AWKWARD, HOUR, MAC, NOON, UUID, lease, putSubnet, subnet } from './samples.ts';

const ADDRESS = parseIpv4('192.168.122.100');
const UNTIL = NOON + 24 * HOUR;

export function leaseClaimsContract(storeTest: StoreTest): void {
  claimContract(storeTest);
  oneAddressPerClientContract(storeTest);
  claimRaces(storeTest);
  releaseContract(storeTest);
  declineContract(storeTest);
  declineRaces(storeTest);
}

function claimContract(storeTest: StoreTest): void {
  storeTest('keeps every field of a lease that was claimed', async (stores, reopen) => {
    await putSubnet(stores);
    const full = lease(ADDRESS, {
      clientKey: AWKWARD,
      mac: MAC,
      uuid: UUID,
      hostname: AWKWARD,
      vendorClass: 'PXEClient:Arch:00000:UNDI:002001',
    });
    expect(await stores.leases.claim(full, NOON)).toEqual({ claimed: true });
    expect(await (await reopen()).leases.byAddress(ADDRESS)).toEqual(full);
  });

  const holders: readonly (readonly [string, Partial<Lease>, 'claimed' | 'refused'])[] = [
    ['that another client holds', {}, 'refused'],
    ['whose lease another let run out', { expiresAtMs: NOON }, 'claimed'],
    ['that another gave back', { state: 'released' }, 'claimed'],
    ['that another declined', { state: 'declined' }, 'refused'],
    ['whose quarantine is over', { state: 'declined', expiresAtMs: NOON }, 'claimed'],
    ['that the client has itself', { clientKey: 'client-a' }, 'claimed'],
    ['that the client had itself', { clientKey: 'client-a', state: 'released' }, 'claimed'],
    ['that the client declined itself', { clientKey: 'client-a', state: 'declined' }, 'refused'],
  ];
  for (const [what, change, outcome] of holders) {
    storeTest(`an address ${what} is ${outcome}`, async (stores) => {
      await putSubnet(stores);
      const holder = lease(ADDRESS, { clientKey: 'client-b', hostname: 'holder', mac: MAC, ...change });
      await stores.leases.claim(holder, 0);
      const wanted = lease(ADDRESS, { startedAtMs: NOON + 1, expiresAtMs: UNTIL });
      const result = await stores.leases.claim(wanted, NOON);
      expect(result).toEqual(outcome === 'claimed' ? { claimed: true } : { claimed: false, holder });
      expect(await stores.leases.list()).toEqual([outcome === 'claimed' ? wanted : holder]);
    });
  }
}

function oneAddressPerClientContract(storeTest: StoreTest): void {
  storeTest('a claim releases what else the client held in that subnet, and nothing else', async (stores) => {
    await putSubnet(stores);
    await stores.subnets.put(subnet({ name: 'office' }), () => undefined);
    const old = lease('192.168.122.7');
    const declined = lease('192.168.122.8', { state: 'declined', expiresAtMs: UNTIL });
    const elsewhere = lease('10.0.0.1', { subnet: 'office' });
    const another = lease('192.168.122.9', { clientKey: 'client-b' });
    for (const each of [declined, elsewhere, another, old]) await stores.leases.claim(each, NOON);
    const wanted = lease(ADDRESS);
    await stores.leases.claim(wanted, NOON);
    expect(await stores.leases.list()).toEqual([
      elsewhere,
      { ...old, state: 'released' },
      declined,
      another,
      wanted,
    ]);
  });

  storeTest('a claim that is refused leaves what the client has', async (stores) => {
    await putSubnet(stores);
    const mine = lease('192.168.122.7');
    const taken = lease(ADDRESS, { clientKey: 'client-b' });
    await stores.leases.claim(mine, NOON);
    await stores.leases.claim(taken, NOON);
    expect(await stores.leases.claim(lease(ADDRESS), NOON)).toEqual({ claimed: false, holder: taken });
    expect(await stores.leases.list()).toEqual([mine, taken]);
  });

  storeTest('a claim in a subnet that was removed is an error that says so', async (stores) => {
    await expect(stores.leases.claim(lease(ADDRESS), NOON)).rejects.toMatchObject({
      kind: 'gone',
      message: expect.stringContaining('subnet "lab" is not there'),
    });
    expect(await stores.leases.list()).toEqual([]);
  });
}

function claimRaces(storeTest: StoreTest): void {
  storeTest(
    'of many clients that claim one address at once, one gets it and the others see who',
    async (stores) => {
      await putSubnet(stores);
      const wanted = Array.from({ length: 25 }, (_, at) => lease(ADDRESS, { clientKey: `client-${at}` }));
      const results = await Promise.all(wanted.map((each) => stores.leases.claim(each, NOON)));
      const winners = wanted.filter((_, at) => results[at]?.claimed);
      expect(winners).toHaveLength(1);
      const losers = results.filter((result) => !result.claimed);
      expect(losers).toEqual(Array.from({ length: 24 }, () => ({ claimed: false, holder: winners[0] })));
      expect(await stores.leases.list()).toEqual(winners);
    },
  );

  storeTest('one client that claims many addresses at once holds one in the end', async (stores) => {
    await putSubnet(stores);
    const wanted = Array.from({ length: 25 }, (_, at) => lease(`192.168.122.${at + 1}`));
    await Promise.all(wanted.map((each) => stores.leases.claim(each, NOON)));
    const states = (await stores.leases.list()).map((each) => each.state);
    expect(states.filter((state) => state === 'held')).toHaveLength(1);
    expect(states.filter((state) => state === 'released')).toHaveLength(24);
  });

  storeTest(
    'many clients that claim an address each all get it, and a restart finds it',
    async (stores, reopen) => {
      await putSubnet(stores);
      const wanted = Array.from({ length: 100 }, (_, at) =>
        lease(`192.168.122.${at + 1}`, { clientKey: `client-${at}` }),
      );
      const results = await Promise.all(wanted.map((each) => stores.leases.claim(each, NOON)));
      expect(results.every((result) => result.claimed)).toBe(true);
      expect(await (await reopen()).leases.list('lab')).toEqual(wanted);
    },
  );
}

function releaseContract(storeTest: StoreTest): void {
  const rows: readonly (readonly [string, Partial<Lease>, boolean])[] = [
    ['that the client holds', {}, true],
    ['that another client holds', { clientKey: 'client-b' }, false],
    ['that the client let run out', { expiresAtMs: NOON }, false],
    ['that the client gave back before', { state: 'released' }, false],
    ['that the client declined', { state: 'declined' }, false],
  ];
  for (const [what, change, released] of rows) {
    storeTest(`an address ${what} is ${released ? 'released' : 'left as it is'}`, async (stores, reopen) => {
      await putSubnet(stores);
      const before = lease(ADDRESS, { mac: MAC, hostname: 'a', ...change });
      await stores.leases.claim(before, 0);
      expect(await stores.leases.release(ADDRESS, 'client-a', NOON)).toBe(released);
      const after: Lease = released ? { ...before, state: 'released' } : before;
      expect(await (await reopen()).leases.list()).toEqual([after]);
    });
  }

  storeTest('an address without a lease is not released', async (stores) => {
    expect(await stores.leases.release(ADDRESS, 'client-a', NOON)).toBe(false);
    expect(await stores.leases.list()).toEqual([]);
  });
}

function declineRaces(storeTest: StoreTest): void {
  storeTest('an address is never both declined and claimed, whenever the claim comes', async (stores) => {
    await putSubnet(stores);
    for (let turns = 0; turns < 40; turns += 1) {
      const address = parseIpv4(`192.168.122.${turns + 1}`);
      const decline = stores.leases.decline(address, 'client-a', 'lab', UNTIL, NOON);
      // Let the call get a little further each time, so that the claim meets it between any two of its statements.
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      const claim = stores.leases.claim(lease(address, { clientKey: `client-${turns}` }), NOON);
      const [declined, { claimed }] = await Promise.all([decline, claim]);
      expect([declined, claimed], `after ${turns} turns`).toContain(false);
    }
  });
}

function declineContract(storeTest: StoreTest): void {
  const rows: readonly (readonly [string, Partial<Lease>, boolean])[] = [
    ['that the client holds', {}, true],
    ['that another client holds', { clientKey: 'client-b' }, false],
    ['that the client gave back', { state: 'released' }, true],
    ['that was declined before', { state: 'declined', expiresAtMs: NOON + 1 }, true],
  ];
  for (const [what, change, declined] of rows) {
    storeTest(`an address ${what} is ${declined ? 'declined' : 'left as it is'}`, async (stores, reopen) => {
      await putSubnet(stores);
      const before = lease(ADDRESS, { mac: MAC, hostname: 'a', ...change });
      await stores.leases.claim(before, 0);
      expect(await stores.leases.decline(ADDRESS, 'client-a', 'lab', UNTIL, NOON)).toBe(declined);
      const after: Lease = declined ? { ...before, state: 'declined', expiresAtMs: UNTIL } : before;
      expect(await (await reopen()).leases.list()).toEqual([after]);
    });
  }

  for (const [what, change] of [
    ['gave back', { state: 'released' }],
    ['let run out', { expiresAtMs: NOON }],
  ] as const) {
    storeTest(`an address that another ${what} is declined, without the other's name`, async (stores) => {
      await putSubnet(stores);
      await stores.leases.claim(
        lease(ADDRESS, { clientKey: 'client-b', mac: MAC, hostname: 'b', ...change }),
        0,
      );
      expect(await stores.leases.decline(ADDRESS, 'client-a', 'lab', UNTIL, NOON)).toBe(true);
      expect(await stores.leases.byAddress(ADDRESS)).toEqual(
        lease(ADDRESS, { state: 'declined', expiresAtMs: UNTIL }),
      );
    });
  }

  storeTest('an address without a lease is declined, and nobody gets it until then', async (stores) => {
    await putSubnet(stores);
    expect(await stores.leases.decline(ADDRESS, 'client-a', 'lab', UNTIL, NOON)).toBe(true);
    const declined = lease(ADDRESS, { state: 'declined', expiresAtMs: UNTIL });
    expect(await stores.leases.byAddress(ADDRESS)).toEqual(declined);
    for (const clientKey of ['client-a', 'client-b']) {
      const wanted = lease(ADDRESS, { clientKey });
      expect(await stores.leases.claim(wanted, UNTIL - 1)).toEqual({ claimed: false, holder: declined });
    }
    expect(await stores.leases.claim(lease(ADDRESS, { clientKey: 'client-b' }), UNTIL)).toEqual({
      claimed: true,
    });
  });

  storeTest('an address is not declined in a subnet that was removed', async (stores) => {
    const declined = stores.leases.decline(ADDRESS, 'client-a', 'lab', UNTIL, NOON);
    await expect(declined).rejects.toMatchObject({ kind: 'gone' });
  });
}
