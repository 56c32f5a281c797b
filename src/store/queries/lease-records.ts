import type { LeaseGroup, LeasePage, LeaseRecords } from '../../core/network/lease-store.ts';
import type { Lease } from '../../core/network/lease.ts';
import { type Ipv4Address, ipv4FromNumber, ipv4ToNumber } from '../../lib/addresses.ts';
import { fromJson, type JsonText, rowLimit } from '../row-values.ts';
import type { BatchStep, StoreAccess } from '../store-access.ts';

export function leaseRecordQueries({ reading, batch }: StoreAccess): LeaseRecords {
  return {
    page: (after, limit) => readPage(batch, after, rowLimit(limit)),
    clock: async () =>
      await reading
        .selectFrom('clocks')
        .select(['boot_id as bootId', 'uptime_ms as uptimeMs', 'wall_ms as wallMs'])
        .where('name', '=', 'leases')
        .executeTakeFirst(),
    write: async (group) => {
      const [gone = []] = await batch(stepsOf(group), 'power failure');
      return gone.map(({ name }) => String(name));
    },
  };
}

function stepsOf({ shiftMs, leases, clock }: LeaseGroup): readonly BatchStep[] {
  const rows = leases.map(listOf);
  return [
    { name: 'subnetsGone', value: [...new Set(leases.map(({ subnet }) => subnet))] },
    ...(shiftMs === 0 ? [] : [{ name: 'shiftLeases', value: shiftMs } as const]),
    { name: 'putLeases', value: rows },
    { name: 'putClock', value: [clock.bootId, Math.round(clock.uptimeMs), Math.round(clock.wallMs)] },
  ];
}

/** In the order of `putLeases`. */
function listOf(lease: Lease): readonly unknown[] {
  const { address, subnet, clientKey, mac, uuid, hostname, vendorClass, state } = lease;
  const names = [mac ?? null, uuid ?? null, hostname ?? null, vendorClass ?? null];
  const times = [lease.startedAtMs, lease.expiresAtMs];
  return [address, ipv4ToNumber(address), subnet, clientKey, ...names, state, ...times];
}

type Absent<T> = T | null;
type Writable<T> = { -readonly [Field in keyof T]: T[Field] };
type LeaseList = readonly [
  address: Lease['address'],
  subnet: string,
  clientKey: string,
  mac: Absent<Exclude<Lease['mac'], undefined>>,
  uuid: Absent<Exclude<Lease['uuid'], undefined>>,
  hostname: Absent<string>,
  vendorClass: Absent<string>,
  state: Lease['state'],
  startedAtMs: number,
  expiresAtMs: number,
];

async function readPage(
  batch: StoreAccess['batch'],
  after: Ipv4Address | undefined,
  limit: number,
): Promise<LeasePage> {
  const value = [after === undefined ? -1 : ipv4ToNumber(after), limit];
  const [rows] = await batch([{ name: 'leasePage', value }], 'power failure');
  const page = rows?.[0];
  const last = page?.['last'];
  return {
    leases: () => fromJson(page?.['leases'] as JsonText<readonly LeaseList[]>).map(leaseFrom),
    last: typeof last === 'number' ? ipv4FromNumber(last) : undefined,
  };
}

function leaseFrom(list: LeaseList): Lease {
  const [address, subnet, clientKey, mac, uuid, hostname, vendorClass, state, startedAtMs, expiresAtMs] =
    list;
  const lease: Writable<Lease> = { address, subnet, clientKey, state, startedAtMs, expiresAtMs };
  // One by one: to spread what is there makes four more objects for each of a million leases.
  if (mac !== null) lease.mac = mac;
  if (uuid !== null) lease.uuid = uuid;
  if (hostname !== null) lease.hostname = hostname;
  if (vendorClass !== null) lease.vendorClass = vendorClass;
  return lease;
}
