import type { Kysely } from 'kysely';
import type { MacAddress } from '../../lib/addresses.ts';
import type { Database } from '../database.ts';
import { chunksOf } from './machine-writes.ts';

/** What machines are called, for records that hold ids and MAC addresses. */

export async function namesOf(
  db: Kysely<Database>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for (const some of chunksOf([...new Set(ids)])) {
    const rows = await db.selectFrom('machines').select(['id', 'name']).where('id', 'in', some).execute();
    for (const { id, name } of rows) names.set(id, name);
  }
  return names;
}

export async function namesOfMacs(
  db: Kysely<Database>,
  macs: readonly MacAddress[],
): Promise<ReadonlyMap<MacAddress, string>> {
  const names = new Map<MacAddress, string>();
  for (const some of chunksOf([...new Set(macs)])) {
    const rows = await db
      .selectFrom('machine_macs')
      .innerJoin('machines', 'machines.id', 'machine_macs.machine_id')
      .select(['machine_macs.mac', 'machines.name'])
      .where('machine_macs.mac', 'in', some)
      .execute();
    for (const { mac, name } of rows) names.set(mac, name);
  }
  return names;
}
