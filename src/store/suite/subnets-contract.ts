import { expect } from 'vitest';
import type { SubnetObjection } from '../../core/network/subnet-store.ts';
import { networksOverlap, parseIpv4, parseIpv4Network } from '../../lib/addresses.ts';
import type { StoreTest } from './open-stores.ts';
import { AWKWARD, MAC, OTHER_MAC, lease, putSubnet, subnet } from './samples.ts';

const ELSEWHERE = subnet({ name: 'office', network: parseIpv4Network('10.0.0.0/8'), mode: 'off' });

const allowed: SubnetObjection = () => undefined;

/** A real rule, since it must see what other calls wrote just before. */
const mayNotOverlap: SubnetObjection = (wanted, others) => {
  const other = others.find((each) => networksOverlap(each.network, wanted.network));
  return other && `it overlaps ${other.name}`;
};

export function subnetsContract(storeTest: StoreTest): void {
  keepContract(storeTest);
  objectionContract(storeTest);
  removeContract(storeTest);
}

function keepContract(storeTest: StoreTest): void {
  storeTest('keeps every field', async (stores, reopen) => {
    const full = subnet({
      ranges: [
        { first: parseIpv4('192.168.122.200'), last: parseIpv4('192.168.122.210') },
        { first: parseIpv4('192.168.122.100'), last: parseIpv4('192.168.122.150') },
      ],
      reservations: [
        { mac: MAC, address: parseIpv4('192.168.122.5'), hostname: 'five' },
        { mac: OTHER_MAC, address: parseIpv4('192.168.122.4') },
      ],
      routers: [parseIpv4('192.168.122.1'), parseIpv4('192.168.122.2')],
      dnsServers: [parseIpv4('9.9.9.9'), parseIpv4('1.1.1.1')],
      domainName: 'lab.test',
      nextServer: parseIpv4('192.168.122.3'),
      bootFile: AWKWARD,
      options: [{ code: 224, text: AWKWARD, hex: '00ff' }],
      sharedNetwork: 'hall',
      identity: 'relay-port',
      bootp: 'dynamic',
      rapidCommit: true,
      conflictProbe: false,
      minLeaseSeconds: 90,
      renewalPercent: 40,
      rebindingPercent: 87.5,
      portReservations: [
        { circuitId: AWKWARD, remoteId: '0x00ff', address: parseIpv4('192.168.122.6'), hostname: 'six' },
        { circuitId: 'eth0/7', address: parseIpv4('192.168.122.7') },
      ],
    });
    expect(await stores.subnets.put(full, allowed)).toEqual({ put: true });
    expect(await stores.subnets.byName('lab')).toEqual(full);
    expect(await (await reopen()).subnets.list()).toEqual([full]);
  });

  storeTest('lists subnets by name', async (stores) => {
    await stores.subnets.put(ELSEWHERE, allowed);
    await stores.subnets.put(subnet(), allowed);
    await stores.subnets.put(subnet({ name: 'dmz' }), allowed);
    expect((await stores.subnets.list()).map((each) => each.name)).toEqual(['dmz', 'lab', 'office']);
  });

  storeTest('finds nothing under a name that is not there', async (stores) => {
    await putSubnet(stores);
    expect(await stores.subnets.byName('la')).toBeUndefined();
  });

  storeTest('replaces the subnet of that name and drops the fields that are gone', async (stores) => {
    await stores.subnets.put(subnet({ domainName: 'old.test', nextServer: parseIpv4('10.0.0.1') }), allowed);
    await stores.subnets.put(subnet({ mode: 'off' }), allowed);
    expect(await stores.subnets.list()).toEqual([subnet({ mode: 'off' })]);
  });

  storeTest('keeps the leases of a subnet that is replaced', async (stores) => {
    await putSubnet(stores);
    await stores.leases.claim(lease('192.168.122.100'), 0);
    await stores.subnets.put(subnet({ mode: 'off' }), allowed);
    expect(await stores.leases.list('lab')).toEqual([lease('192.168.122.100')]);
  });
}

function objectionContract(storeTest: StoreTest): void {
  storeTest('asks with the subnet and all others, and not with the one it replaces', async (stores) => {
    await putSubnet(stores);
    await stores.subnets.put(ELSEWHERE, allowed);
    const asked: unknown[] = [];
    const wanted = subnet({ mode: 'off' });
    await stores.subnets.put(wanted, (...question) => {
      asked.push(question);
      return undefined;
    });
    expect(asked).toEqual([[wanted, [ELSEWHERE]]]);
  });

  storeTest('writes nothing when there is an objection, and passes it on', async (stores) => {
    await putSubnet(stores);
    const refused = await stores.subnets.put(subnet({ mode: 'off' }), () => 'the range does not fit');
    expect(refused).toEqual({ put: false, because: 'the range does not fit' });
    expect(await stores.subnets.list()).toEqual([subnet()]);
  });

  storeTest('writes nothing when the objection breaks, and goes on', async (stores) => {
    const broken = stores.subnets.put(subnet(), () => {
      throw new RangeError('a fault in the rule');
    });
    await expect(broken).rejects.toThrow('a fault in the rule');
    expect(await stores.subnets.list()).toEqual([]);
    expect(await stores.subnets.put(subnet(), allowed)).toEqual({ put: true });
  });

  storeTest('asks inside the transaction: of many that overlap, one is put', async (stores) => {
    const rivals = Array.from({ length: 10 }, (_, at) => subnet({ name: `lab-${at}` }));
    const results = await Promise.all(rivals.map((rival) => stores.subnets.put(rival, mayNotOverlap)));
    expect(results.filter((result) => result.put)).toHaveLength(1);
    expect(await stores.subnets.list()).toHaveLength(1);
  });
}

function removeContract(storeTest: StoreTest): void {
  storeTest('removes a subnet with its leases, and no other', async (stores) => {
    await putSubnet(stores);
    await stores.subnets.put(ELSEWHERE, allowed);
    const stays = lease('10.0.0.7', { subnet: 'office' });
    await stores.leases.claim(lease('192.168.122.100'), 0);
    await stores.leases.claim(stays, 0);
    expect(await stores.subnets.remove('lab')).toBe(true);
    expect(await stores.subnets.list()).toEqual([ELSEWHERE]);
    expect(await stores.leases.list()).toEqual([stays]);
  });

  storeTest('says when there is no subnet to remove', async (stores) => {
    await putSubnet(stores);
    expect(await stores.subnets.remove('office')).toBe(false);
    expect(await stores.subnets.list()).toEqual([subnet()]);
  });
}
