import type { MacAddress } from '../../lib/addresses.ts';
import { editMachine, type MachineEdit, objectionToMachine, withReadPort } from './edit-machine.ts';
import type { Claims } from './identify.ts';
import { MachineIndex } from './machine-index.ts';
import type { Machine } from './machine.ts';
import { isWorthlessText, isWorthlessUuid } from './worthless-values.ts';

/** A machine as a file tells it: what it does not tell stays as it is, and `null` takes a value away. */
export interface ImportRow extends MachineEdit {
  readonly name: string;
}

export interface PlannedRow {
  /** Which of the rows, from 0. */
  readonly row: number;
  readonly machine: Machine;
  readonly what: 'added' | 'changed' | 'unchanged';
  /** By which fields it differs, where it is changed. */
  readonly fields: readonly string[];
}

export interface RowObjection {
  /** Which of the rows, from 0. */
  readonly row: number;
  readonly because: string;
}

export interface ImportPlan {
  /** In the order of the rows; those that something speaks against are not among them. */
  readonly rows: readonly PlannedRow[];
  readonly objections: readonly RowObjection[];
}

export interface ImportSurroundings {
  /** All machines there are. */
  readonly all: readonly Machine[];
  /** The id of one that is new. */
  readonly newId: () => string;
  readonly nowMs: number;
  /** What else speaks against a machine. */
  readonly objectionTo?: (machine: Machine) => string | undefined;
}

/**
 * What would become of each row. A row is about the machine of its name; where there is none, about the one that has a
 * MAC address of it, or else another identity, and gives it its name; where there is none either, it is new.
 */
export function planImport(rows: readonly ImportRow[], around: ImportSurroundings): ImportPlan {
  const index = new MachineIndex(around.all);
  const byName = new Map(around.all.map((machine) => [machine.name, machine]));
  const rowOf = new Map<string, number>();
  const planned: PlannedRow[] = [];
  const objections: RowObjection[] = [];
  for (const [row, wanted] of rows.entries()) {
    const plan = planRow(wanted, byName.get(wanted.name) ?? machineOf(wanted, index), around);
    const earlier = 'because' in plan ? undefined : rowOf.get(plan.machine.id);
    if ('because' in plan) objections.push({ row, because: plan.because });
    else if (earlier !== undefined)
      objections.push({ row, because: `it is about the same machine as "${rows[earlier]?.name}" before it` });
    else {
      rowOf.set(plan.machine.id, row);
      planned.push({ ...plan, row });
    }
  }
  return { rows: planned, objections };
}

type Found = Machine | { readonly because: string } | undefined;

function planRow(
  { name, ...edit }: ImportRow,
  known: Found,
  around: ImportSurroundings,
): Omit<PlannedRow, 'row'> | { readonly because: string } {
  if (known !== undefined && 'because' in known) return known;
  const before = known ?? emptyMachine(name, around);
  const read = withReadPort(editMachine(before, { ...edit, name }));
  if ('objection' in read) return { because: read.objection };
  const { machine } = read;
  const because = objectionToMachine(machine) ?? around.objectionTo?.(machine);
  if (because !== undefined) return { because };
  const fields = known === undefined ? [] : differing(known, machine);
  const what = known === undefined ? 'added' : fields.length === 0 ? 'unchanged' : 'changed';
  return { machine, what, fields };
}

function emptyMachine(name: string, { newId, nowMs }: ImportSurroundings): Machine {
  return { id: newId(), name, macs: [], labels: {}, variables: {}, createdAtMs: nowMs };
}

/** By MAC address first, as everywhere. */
function machineOf({ macs = [], uuid, serial, assetTag, port }: ImportRow, index: MachineIndex): Found {
  const byMac = oneOf(macs.flatMap((mac: MacAddress) => index.byMac(mac) ?? []));
  if (byMac !== undefined) return byMac;
  const claims: Claims = {
    uuids: uuid == null || isWorthlessUuid(uuid) ? [] : [uuid],
    serial: serial == null || isWorthlessText(serial) ? undefined : serial,
    assetTag: assetTag == null || isWorthlessText(assetTag) ? undefined : assetTag,
  };
  const atPort =
    port == null ? [] : index.byClaims({ port }).filter((one) => one.port?.remoteId === port.remoteId);
  return oneOf([...index.byClaims(claims), ...atPort]);
}

function oneOf(machines: readonly Machine[]): Found {
  const [first, ...others] = [...new Set(machines)];
  if (others.length === 0) return first;
  const names = [first, ...others].map((machine) => machine?.name).join(' and ');
  return { because: `it may be ${names}: name one of them, or merge them first` };
}

/** Fields whose values differ, `labels.rack` and `variables.x` each for itself. */
function differing(before: Machine, after: Machine): readonly string[] {
  const [old, now] = [flat(before), flat(after)];
  const names = [...new Set([...old.keys(), ...now.keys()])];
  return names.filter((name) => old.get(name) !== now.get(name)).toSorted();
}

function flat({ labels, variables, ...others }: Machine): ReadonlyMap<string, string> {
  const parts = [
    ...Object.entries(others),
    ...Object.entries(labels).map(([key, value]) => [`labels.${key}`, value] as const),
    ...Object.entries(variables).map(([name, value]) => [`variables.${name}`, value] as const),
  ];
  return new Map(
    parts.filter(([, value]) => value !== undefined).map(([name, value]) => [name, JSON.stringify(value)]),
  );
}
