import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Lease, macKey } from '../../src/core/network/lease.ts';
import type { Stores } from '../../src/core/stores.ts';
import { clockSource } from '../../src/daemon/clock-source.ts';
import { ipv4FromNumber, ipv4ToNumber, macFromBytes, parseUuid } from '../../src/lib/addresses.ts';
import { openSqliteStores } from '../../src/store/sqlite/open.ts';
import { BENCH_NETWORK } from '../bench-network.ts';
import { LEASE_SECONDS } from './dhcp-servers.ts';

export const SUBNET = 'bench';
/** Leases that are written in one transaction. */
const GROUP = 20_000;

/**
 * A database of Muster with so many held leases, written by its own store. Each has what a PXE ROM and then a system
 * say of themselves: its UUID, its vendor class and its name.
 */
export async function writeLeases(path: string, count: number): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const stores = await openSqliteStores(path);
  try {
    await putSubnet(stores);
    const clock = clockSource().read();
    for (let from = 0; from < count; from += GROUP) {
      const length = Math.min(GROUP, count - from);
      const leases = Array.from({ length }, (_, at) => nthLease(from + at, clock.wallMs));
      await stores.leaseRecords.write({ shiftMs: 0, leases, clock });
    }
  } finally {
    await stores.close();
  }
}

/** The lease of the machine with this number, from 0 on. */
export function nthLease(number: number, startedAtMs: number): Lease {
  const mac = macFromBytes(Uint8Array.of(0x52, 0x54, 0, number >>> 16, (number >>> 8) & 0xff, number & 0xff));
  const digits = number.toString(16).padStart(12, '0');
  return {
    address: ipv4FromNumber(ipv4ToNumber(BENCH_NETWORK.firstLease) + number),
    subnet: SUBNET,
    clientKey: macKey(mac),
    mac,
    uuid: parseUuid(`4c4c4544-0042-3510-8056-${digits}`),
    hostname: `node-${number}`,
    vendorClass: 'PXEClient:Arch:00007:UNDI:003016',
    state: 'held',
    startedAtMs,
    expiresAtMs: startedAtMs + LEASE_SECONDS * 1000 + number,
  };
}

async function putSubnet(stores: Stores): Promise<void> {
  const { network, client, firstLease, lastLease } = BENCH_NETWORK;
  const put = await stores.subnets.put(
    {
      name: SUBNET,
      network,
      mode: 'full',
      ranges: [{ first: firstLease, last: lastLease }],
      reservations: [],
      routers: [client],
      dnsServers: [],
      defaultLeaseSeconds: LEASE_SECONDS,
      maxLeaseSeconds: LEASE_SECONDS,
      options: [],
    },
    () => undefined,
  );
  if (!put.put) throw new Error('The subnet of the benchmark could not be written');
}
