import type { Kysely } from 'kysely';
import type { SubnetObjection, SubnetStore } from '../../core/network/subnet-store.ts';
import { rulesOf, type Subnet } from '../../core/network/subnet.ts';
import type { Database } from '../database.ts';
import type { SubnetRow } from '../tables/network-tables.ts';
import { fromJson, nullsAbsent, toJson } from '../row-values.ts';
import type { StoreAccess } from '../store-access.ts';

export function subnetQueries({ db, reading, write }: StoreAccess): SubnetStore {
  return {
    list: () => listSubnets(reading),
    byName: async (name) => {
      const row = await reading.selectFrom('subnets').selectAll().where('name', '=', name).executeTakeFirst();
      return row && subnetFrom(row);
    },
    put: (subnet, objection) => write((trx) => putSubnet(trx, subnet, objection)),
    remove: async (name) => {
      // Its leases go along by their foreign key.
      const { numDeletedRows } = await db
        .deleteFrom('subnets')
        .where('name', '=', name)
        .executeTakeFirstOrThrow();
      return numDeletedRows === 1n;
    },
  };
}

export async function listSubnets(db: Kysely<Database>): Promise<readonly Subnet[]> {
  const rows = await db.selectFrom('subnets').selectAll().orderBy('name').execute();
  return rows.map(subnetFrom);
}

async function putSubnet(
  trx: Kysely<Database>,
  subnet: Subnet,
  objection: SubnetObjection,
): ReturnType<SubnetStore['put']> {
  const others = (await listSubnets(trx)).filter((other) => other.name !== subnet.name);
  const because = objection(subnet, others);
  if (because !== undefined) return { put: false, because };
  await writeSubnet(trx, subnet);
  return { put: true };
}

/** Whatever stands there under its name. */
export async function writeSubnet(trx: Kysely<Database>, subnet: Subnet): Promise<void> {
  const row = rowOf(subnet);
  await trx
    .insertInto('subnets')
    .values(row)
    .onConflict((conflict) => conflict.column('name').doUpdateSet(row))
    .execute();
}

function rowOf(subnet: Subnet): SubnetRow {
  return {
    name: subnet.name,
    network_address: subnet.network.address,
    prefix_length: subnet.network.prefixLength,
    mode: subnet.mode,
    ranges: toJson(subnet.ranges),
    reservations: toJson(subnet.reservations),
    routers: toJson(subnet.routers),
    dns_servers: toJson(subnet.dnsServers),
    domain_name: subnet.domainName ?? null,
    default_lease_seconds: subnet.defaultLeaseSeconds,
    max_lease_seconds: subnet.maxLeaseSeconds,
    next_server: subnet.nextServer ?? null,
    boot_file: subnet.bootFile ?? null,
    options: toJson(subnet.options),
    rules: toJson(rulesOf(subnet)),
  };
}

function subnetFrom(row: SubnetRow): Subnet {
  return {
    name: row.name,
    network: { address: row.network_address, prefixLength: row.prefix_length },
    mode: row.mode,
    ranges: fromJson(row.ranges),
    reservations: fromJson(row.reservations),
    routers: fromJson(row.routers),
    dnsServers: fromJson(row.dns_servers),
    defaultLeaseSeconds: row.default_lease_seconds,
    maxLeaseSeconds: row.max_lease_seconds,
    options: fromJson(row.options),
    ...fromJson(row.rules),
    ...nullsAbsent({ domainName: row.domain_name, nextServer: row.next_server, bootFile: row.boot_file }),
  };
}
