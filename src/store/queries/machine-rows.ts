import type { Kysely } from 'kysely';
import type { Machine } from '../../core/machines/machine.ts';
import { withoutUndefined } from '../../lib/without-undefined.ts';
import type { Database } from '../database.ts';
import type { MachineRow } from '../tables/machine-tables.ts';
import { fromJson, nullsAbsent, toJson } from '../row-values.ts';

/** Between machines and their rows in two tables: one for what there is one of, one with a row per MAC address. */

/** One statement reads machines and their addresses as of one moment; one without addresses has one row. */
export function joinedMachines(db: Kysely<Database>) {
  return db
    .selectFrom('machines')
    .leftJoin('machine_macs', 'machine_macs.machine_id', 'machines.id')
    .select(['machines.id', 'machines.name', 'machines.uuid', 'machines.variables', 'machines.loader'])
    .select(['machines.labels', 'machines.source', 'machines.memory_megabytes as memoryMegabytes'])
    .select(['machines.serial', 'machines.asset_tag as assetTag'])
    .select(['machines.circuit_id as circuitId', 'machines.remote_id as remoteId'])
    .select('machines.memory_check as memoryCheck')
    .select(['machines.created_at_ms as createdAtMs', 'machine_macs.mac'])
    .orderBy('machines.name')
    .orderBy('machine_macs.position');
}

type JoinedRow = Awaited<ReturnType<ReturnType<typeof joinedMachines>['execute']>>[number];

/** @param rows those of one machine stand together. */
export function machinesFrom(rows: readonly JoinedRow[]): readonly Machine[] {
  const byId = new Map<string, JoinedRow[]>();
  for (const row of rows) {
    const sameMachine = byId.get(row.id);
    if (sameMachine) sameMachine.push(row);
    else byId.set(row.id, [row]);
  }
  return [...byId.values()].flatMap((sameMachine) => {
    const [first] = sameMachine;
    if (!first) return [];
    const { mac: _, labels, variables, circuitId, remoteId, ...columns } = first;
    return withoutUndefined({
      ...nullsAbsent(columns),
      macs: sameMachine.flatMap(({ mac }) => (mac === null ? [] : [mac])),
      port: circuitId === null ? undefined : { circuitId, ...(remoteId === null ? {} : { remoteId }) },
      labels: fromJson(labels),
      variables: fromJson(variables),
    });
  });
}

export async function machineById(db: Kysely<Database>, id: string): Promise<Machine | undefined> {
  return machinesFrom(await joinedMachines(db).where('machines.id', '=', id).execute())[0];
}

export function machineRow(machine: Machine): MachineRow {
  const { port } = machine;
  return {
    id: machine.id,
    name: machine.name,
    uuid: machine.uuid ?? null,
    serial: machine.serial ?? null,
    asset_tag: machine.assetTag ?? null,
    circuit_id: port?.circuitId ?? null,
    remote_id: port?.remoteId ?? null,
    labels: toJson(machine.labels),
    variables: toJson(machine.variables),
    loader: machine.loader ?? null,
    source: machine.source ?? null,
    memory_megabytes: machine.memoryMegabytes ?? null,
    memory_check: machine.memoryCheck ?? null,
    created_at_ms: machine.createdAtMs,
  };
}
