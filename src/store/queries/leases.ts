import type { Kysely } from 'kysely';
import type { LeaseStore } from '../../core/network/lease-store.ts';
import type { Lease } from '../../core/network/lease.ts';
import { bindsAddress } from '../../core/network/lease.ts';
import type { Ipv4Address } from '../../lib/addresses.ts';
import { ipv4ToNumber } from '../../lib/addresses.ts';
import type { Database } from '../database.ts';
import type { LeaseRow } from '../tables/network-tables.ts';
import { nullsAbsent } from '../row-values.ts';
import type { StoreAccess } from '../store-access.ts';
import { StoreError } from '../store-error.ts';

export function leaseQueries({ reading, write }: StoreAccess): LeaseStore {
  return {
    list: async (subnet) => {
      const rows = await selected(reading)
        .$if(subnet !== undefined, (query) => query.where('subnet', '=', subnet ?? ''))
        .orderBy('address_number')
        .execute();
      return rows.map((row) => nullsAbsent(row));
    },
    first: async ({ subnet, after, fits, limit }) => {
      const rows = await selected(reading)
        .$if(subnet !== undefined, (query) => query.where('subnet', '=', subnet ?? ''))
        .where('address_number', '>', after === undefined ? -1 : ipv4ToNumber(after))
        .orderBy('address_number')
        .execute();
      return rows
        .map((row): Lease => nullsAbsent(row))
        .filter(fits)
        .slice(0, limit);
    },
    byAddress: (address) => leaseOf(reading, address),
    ofClient: async (subnet, clientKey) => {
      const row = await newestFirst(reading)
        .where('subnet', '=', subnet)
        .where('client_key', '=', clientKey)
        .where('state', '!=', 'declined')
        .executeTakeFirst();
      return row && nullsAbsent(row);
    },
    ofMac: async (mac, nowMs) => {
      const row = await newestFirst(reading)
        .where('mac', '=', mac)
        .where('state', '=', 'held')
        .where('expires_at_ms', '>', nowMs)
        .executeTakeFirst();
      return row && nullsAbsent(row);
    },
    boundIn: async (range, nowMs) => {
      // The same as bindsAddress, so that a /8 costs only what is bound in it.
      const rows = await reading
        .selectFrom('leases')
        .select('address')
        .where('address_number', '>=', ipv4ToNumber(range.first))
        .where('address_number', '<=', ipv4ToNumber(range.last))
        .where('state', '!=', 'released')
        .where('expires_at_ms', '>', nowMs)
        .orderBy('address_number')
        .execute();
      return rows.map((row) => row.address);
    },
    claim: (lease, nowMs) => write((trx) => claimLease(trx, lease, nowMs)),
    release: (address, clientKey, nowMs) => write((trx) => releaseLease(trx, address, clientKey, nowMs)),
    decline: (address, clientKey, subnet, untilMs, nowMs) =>
      write((trx) => declineLease(trx, { address, clientKey, subnet, untilMs, nowMs })),
  };
}

function selected(db: Kysely<Database>) {
  return db
    .selectFrom('leases')
    .select(['address', 'subnet', 'client_key as clientKey', 'mac', 'uuid', 'hostname'])
    .select(['vendor_class as vendorClass', 'state'])
    .select(['started_at_ms as startedAtMs', 'expires_at_ms as expiresAtMs']);
}

/**
 * A client holds one lease a subnet at most, the one it claimed last; so that one comes first even where the
 * clock was set back in between. What is equal after that goes by address, to be the same every time.
 */
function newestFirst(db: Kysely<Database>) {
  return selected(db)
    .orderBy((eb) => eb.case().when('state', '=', 'held').then(eb.lit(0)).else(eb.lit(1)).end())
    .orderBy('started_at_ms', 'desc')
    .orderBy('expires_at_ms', 'desc')
    .orderBy('address_number')
    .limit(1);
}

async function leaseOf(db: Kysely<Database>, address: Ipv4Address): Promise<Lease | undefined> {
  const row = await selected(db).where('address', '=', address).executeTakeFirst();
  return row && nullsAbsent(row);
}

async function claimLease(
  trx: Kysely<Database>,
  lease: Lease,
  nowMs: number,
): ReturnType<LeaseStore['claim']> {
  await expectSubnet(trx, lease.subnet, lease.address);
  const holder = await leaseOf(trx, lease.address);
  // A declined address is in use by somebody we do not know: not even the client that said so gets it.
  if (
    holder &&
    bindsAddress(holder, nowMs) &&
    (holder.state === 'declined' || holder.clientKey !== lease.clientKey)
  )
    return { claimed: false, holder };
  await trx
    .updateTable('leases')
    .set({ state: 'released' })
    .where('subnet', '=', lease.subnet)
    .where('client_key', '=', lease.clientKey)
    .where('address', '!=', lease.address)
    .where('state', '=', 'held')
    .execute();
  await writeLease(trx, lease);
  return { claimed: true };
}

async function releaseLease(
  trx: Kysely<Database>,
  address: Ipv4Address,
  clientKey: string,
  nowMs: number,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('leases')
    .set({ state: 'released' })
    .where('address', '=', address)
    .where('client_key', '=', clientKey)
    .where('state', '=', 'held')
    .where('expires_at_ms', '>', nowMs)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

interface Declined {
  readonly address: Ipv4Address;
  readonly clientKey: string;
  readonly subnet: string;
  readonly untilMs: number;
  readonly nowMs: number;
}

async function declineLease(trx: Kysely<Database>, declined: Declined): Promise<boolean> {
  const { address, clientKey, subnet, untilMs, nowMs } = declined;
  await expectSubnet(trx, subnet, address);
  const lease = await leaseOf(trx, address);
  const sameClient = lease?.clientKey === clientKey;
  if (lease?.state === 'held' && bindsAddress(lease, nowMs) && !sameClient) return false;
  // Of another client's old lease nothing is kept: it says nothing about who is on the address now.
  const known = lease && sameClient ? lease : { address, clientKey, startedAtMs: nowMs };
  await writeLease(trx, { ...known, subnet, state: 'declined', expiresAtMs: untilMs });
  return true;
}

async function writeLease(trx: Kysely<Database>, lease: Lease): Promise<void> {
  const row: LeaseRow = {
    address: lease.address,
    address_number: ipv4ToNumber(lease.address),
    subnet: lease.subnet,
    client_key: lease.clientKey,
    mac: lease.mac ?? null,
    uuid: lease.uuid ?? null,
    hostname: lease.hostname ?? null,
    vendor_class: lease.vendorClass ?? null,
    state: lease.state,
    started_at_ms: lease.startedAtMs,
    expires_at_ms: lease.expiresAtMs,
  };
  await trx
    .insertInto('leases')
    .values(row)
    .onConflict((conflict) => conflict.column('address').doUpdateSet(row))
    .execute();
}

async function expectSubnet(trx: Kysely<Database>, name: string, address: Ipv4Address): Promise<void> {
  const subnet = await trx.selectFrom('subnets').select('name').where('name', '=', name).executeTakeFirst();
  if (subnet) return;
  throw new StoreError(
    'gone',
    `Cannot write the lease of ${address}: subnet "${name}" is not there (any more)`,
    'add the subnet, or let the client ask again',
  );
}
