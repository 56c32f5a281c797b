import type { Kysely } from 'kysely';
import type { Enrolled, Enrolment, MachineStore } from '../../core/machines/machine-store.ts';
import type { Machine } from '../../core/machines/machine.ts';
import type { Database } from '../database.ts';
import { fromJson, nullsAbsent, toJson } from '../row-values.ts';
import type { StoreAccess } from '../store-access.ts';
import { openInstallOf } from './installs.ts';

export function machineQueries({ db, write }: StoreAccess): MachineStore {
  return {
    list: async () => machinesFrom(await joined(db).execute()),
    byId: async (id) => machinesFrom(await joined(db).where('machines.id', '=', id).execute())[0],
    byName: async (name) => machinesFrom(await joined(db).where('machines.name', '=', name).execute())[0],
    byMac: async (mac) => {
      const owner = db.selectFrom('machine_macs').select('machine_id').where('mac', '=', mac);
      return machinesFrom(await joined(db).where('machines.id', '=', owner).execute())[0];
    },
    byUuid: async (uuid) => {
      const found = machinesFrom(await joined(db).where('machines.uuid', '=', uuid).execute());
      return found.length === 1 ? found[0] : undefined;
    },
    put: (machine) => write((trx) => putMachine(trx, machine)),
    enrol: (machine, by, maximum) => write((trx) => enrolMachine(trx, machine, by, maximum)),
    countEnrolled: () => countEnrolled(db),
    remove: (id) => write((trx) => removeMachine(trx, id)),
  };
}

/** One row per MAC address: one statement reads the machine and its addresses as of one moment. */
function joined(db: Kysely<Database>) {
  return db
    .selectFrom('machines')
    .innerJoin('machine_macs', 'machine_macs.machine_id', 'machines.id')
    .select(['machines.id', 'machines.name', 'machines.uuid', 'machines.variables', 'machines.loader'])
    .select(['machines.labels', 'machines.source', 'machines.memory_megabytes as memoryMegabytes'])
    .select('machines.memory_check as memoryCheck')
    .select(['machines.created_at_ms as createdAtMs', 'machine_macs.mac'])
    .orderBy('machines.name')
    .orderBy('machine_macs.position');
}

type JoinedRow = Awaited<ReturnType<ReturnType<typeof joined>['execute']>>[number];

/** @param rows those of one machine stand together. */
function machinesFrom(rows: readonly JoinedRow[]): readonly Machine[] {
  const byId = new Map<string, JoinedRow[]>();
  for (const row of rows) {
    const sameMachine = byId.get(row.id);
    if (sameMachine) sameMachine.push(row);
    else byId.set(row.id, [row]);
  }
  return [...byId.values()].flatMap((sameMachine) => {
    const [first] = sameMachine;
    if (!first) return [];
    const { mac: _, labels, variables, ...columns } = first;
    return {
      ...nullsAbsent(columns),
      macs: sameMachine.map((row) => row.mac),
      labels: fromJson(labels),
      variables: fromJson(variables),
    };
  });
}

async function putMachine(trx: Kysely<Database>, machine: Machine): ReturnType<MachineStore['put']> {
  const because = await objectionTo(trx, machine);
  if (because !== undefined) return { put: false, because };
  const row = {
    id: machine.id,
    name: machine.name,
    uuid: machine.uuid ?? null,
    labels: toJson(machine.labels),
    variables: toJson(machine.variables),
    loader: machine.loader ?? null,
    source: machine.source ?? null,
    memory_megabytes: machine.memoryMegabytes ?? null,
    memory_check: machine.memoryCheck ?? null,
    created_at_ms: machine.createdAtMs,
  };
  await trx
    .insertInto('machines')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute();
  await trx.deleteFrom('machine_macs').where('machine_id', '=', machine.id).execute();
  await trx
    .insertInto('machine_macs')
    .values(machine.macs.map((mac, position) => ({ mac, machine_id: machine.id, position })))
    .execute();
  return { put: true };
}

async function enrolMachine(
  trx: Kysely<Database>,
  machine: Machine,
  { rule, atMs }: Enrolment,
  maximum: number,
): Promise<Enrolled> {
  const there = await countEnrolled(trx);
  if (there >= maximum) {
    const because = `${there} machines that are there were made known by a rule, and ${maximum} may be`;
    return { enrolled: false, why: 'full', because };
  }
  const result = await putMachine(trx, machine);
  if (!result.put) return { enrolled: false, why: 'taken', because: result.because };
  await trx.insertInto('enrolments').values({ machine_id: machine.id, rule, at_ms: atMs }).execute();
  return { enrolled: true };
}

async function countEnrolled(db: Kysely<Database>): Promise<number> {
  const { count } = await db
    .selectFrom('enrolments')
    .select((row) => row.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

async function objectionTo(trx: Kysely<Database>, machine: Machine): Promise<string | undefined> {
  if (machine.macs.length === 0) return `machine ${machine.name} has no MAC address, and needs one at least`;
  const twice = machine.macs.find((mac, at) => machine.macs.indexOf(mac) !== at);
  if (twice !== undefined) return `the MAC address ${twice} is listed twice`;
  const namesake = await trx
    .selectFrom('machines')
    .select('id')
    .where('name', '=', machine.name)
    .where('id', '!=', machine.id)
    .executeTakeFirst();
  if (namesake) return `the name "${machine.name}" belongs to machine ${namesake.id}`;
  const taken = await trx
    .selectFrom('machine_macs')
    .innerJoin('machines', 'machines.id', 'machine_macs.machine_id')
    .select(['machine_macs.mac', 'machines.name'])
    .where('machine_macs.mac', 'in', machine.macs)
    .where('machines.id', '!=', machine.id)
    .orderBy('machine_macs.mac')
    .executeTakeFirst();
  return taken && `the MAC address ${taken.mac} belongs to machine "${taken.name}"`;
}

async function removeMachine(trx: Kysely<Database>, id: string): ReturnType<MachineStore['remove']> {
  const open = await openInstallOf(trx, id);
  if (open) {
    return { removed: false, because: `its install ${open.id} is ${open.state}: cancel that first` };
  }
  // Its MAC addresses and its installs go along by their foreign keys.
  const { numDeletedRows } = await trx.deleteFrom('machines').where('id', '=', id).executeTakeFirstOrThrow();
  return numDeletedRows === 1n
    ? { removed: true }
    : { removed: false, because: `there is no machine with the id "${id}"` };
}
