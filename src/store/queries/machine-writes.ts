import type { Kysely } from 'kysely';
import { objectionToIdentity } from '../../core/machines/identify.ts';
import type { MachineObjection } from '../../core/machines/machine-store.ts';
import type { Machine } from '../../core/machines/machine.ts';
import type { Database } from '../database.ts';
import type { MachineRow } from '../tables/machine-tables.ts';
import { machineRow } from './machine-rows.ts';

/** Rows of one statement; databases take some tens of thousands of values in one. */
const CHUNK = 500;

/** Every reason against writing these machines in place of those with their ids. */
export async function objectionsTo(
  trx: Kysely<Database>,
  machines: readonly Machine[],
): Promise<readonly MachineObjection[]> {
  const ids = new Set(machines.map(({ id }) => id));
  const namesakes = await namesakesOf(trx, machines, ids);
  const owners = await ownersOf(trx, machines, ids);
  const seen = { names: new Map<string, Machine>(), macs: new Map<string, Machine>() };
  return machines.flatMap((machine) => {
    const because =
      objectionToIdentity(machine) ?? repeated(machine, seen) ?? taken(machine, namesakes, owners);
    return because === undefined ? [] : [{ machine, because }];
  });
}

/** Within what is to be written. */
function repeated(
  machine: Machine,
  seen: { readonly names: Map<string, Machine>; readonly macs: Map<string, Machine> },
): string | undefined {
  const { name, macs } = machine;
  const twice = macs.find((mac, at) => macs.indexOf(mac) !== at);
  if (twice !== undefined) return `the MAC address ${twice} is listed twice`;
  if (seen.names.has(name)) return `the name "${name}" is given twice`;
  const other = macs.flatMap((mac) => seen.macs.get(mac) ?? [])[0];
  if (other) return `a MAC address of it is one of machine "${other.name}", too`;
  seen.names.set(name, machine);
  for (const mac of macs) seen.macs.set(mac, machine);
  return undefined;
}

function taken(
  { name, macs }: Machine,
  namesakes: ReadonlyMap<string, string>,
  owners: ReadonlyMap<string, string>,
): string | undefined {
  const namesake = namesakes.get(name);
  if (namesake !== undefined) return `the name "${name}" belongs to machine ${namesake}`;
  const mac = macs.toSorted().find((one) => owners.has(one));
  return mac && `the MAC address ${mac} belongs to machine "${owners.get(mac)}"`;
}

/** Ids of other machines, by name. */
async function namesakesOf(
  trx: Kysely<Database>,
  machines: readonly Machine[],
  ids: ReadonlySet<string>,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const names of chunksOf(machines.map(({ name }) => name))) {
    const rows = await trx.selectFrom('machines').select(['id', 'name']).where('name', 'in', names).execute();
    for (const { id, name } of rows) if (!ids.has(id)) found.set(name, id);
  }
  return found;
}

/** Names of other machines, by MAC address. */
async function ownersOf(
  trx: Kysely<Database>,
  machines: readonly Machine[],
  ids: ReadonlySet<string>,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const macs of chunksOf(machines.flatMap((machine) => machine.macs))) {
    const rows = await trx
      .selectFrom('machine_macs')
      .innerJoin('machines', 'machines.id', 'machine_macs.machine_id')
      .select(['machine_macs.mac', 'machines.id', 'machines.name'])
      .where('machine_macs.mac', 'in', macs)
      .execute();
    for (const { id, mac, name } of rows) if (!ids.has(id)) found.set(mac, name);
  }
  return found;
}

/** Adds machines and replaces those with their ids; names and MAC addresses may go round among them. */
export async function writeMachines(trx: Kysely<Database>, machines: readonly Machine[]): Promise<void> {
  for (const ids of chunksOf(machines.map(({ id }) => id))) {
    // No name looks like an id, so for a moment each has a name that nobody else wants.
    await trx
      .updateTable('machines')
      .set((eb) => ({ name: eb.ref('id') }))
      .where('id', 'in', ids)
      .execute();
    await trx.deleteFrom('machine_macs').where('machine_id', 'in', ids).execute();
  }
  for (const rows of chunksOf(machines.map(machineRow))) {
    await trx
      .insertInto('machines')
      .values(rows)
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet((eb) => {
          const columns = Object.keys(rows[0] ?? {}) as (keyof MachineRow)[];
          return Object.fromEntries(columns.map((column) => [column, eb.ref(`excluded.${column}`)]));
        }),
      )
      .execute();
  }
  const macs = machines.flatMap(({ id, macs: own }) =>
    own.map((mac, position) => ({ mac, machine_id: id, position })),
  );
  for (const rows of chunksOf(macs)) await trx.insertInto('machine_macs').values(rows).execute();
}

/** Rows or values of one statement each. */
export function chunksOf<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / CHUNK) }, (_, at) =>
    items.slice(at * CHUNK, (at + 1) * CHUNK),
  );
}
