import type { Expression, Kysely, SqlBool } from 'kysely';
import type { NewTimelineEvent, TimelineEvent } from '../../core/events/timeline-event.ts';
import { textKey } from '../../core/machines/identify.ts';
import type {
  ChangeDecision,
  Changed,
  MachineDecision,
  MachineObjection,
  MachineStore,
} from '../../core/machines/machine-store.ts';
import type { Machine } from '../../core/machines/machine.ts';
import { pageOfMachines } from '../../core/machines/page-of-machines.ts';
import type { MacAddress } from '../../lib/addresses.ts';
import type { Database } from '../database.ts';
import type { StoreAccess } from '../store-access.ts';
import { countEnrolled, enrolMachine } from './enrolments.ts';
import { appendEvent } from './events.ts';
import { newestInstalls, openInstallOf } from './installs.ts';
import { mergeMachines } from './machine-merge.ts';
import { namesOf, namesOfMacs } from './machine-names.ts';
import { joinedMachines, machineById, machinesFrom } from './machine-rows.ts';
import { objectionsTo, writeMachines } from './machine-writes.ts';

export function machineQueries({ reading, write }: StoreAccess): MachineStore {
  return {
    list: () => listMachines(reading),
    names: async () => {
      const rows = await reading.selectFrom('machines').select('name').execute();
      return new Set(rows.map(({ name }) => name));
    },
    // Muster has machines in memory (`cachedMachines`), and does not come here.
    page: async (query) => {
      const installs = await newestInstalls(reading);
      const states = new Map(installs.map(({ machineId, state }) => [machineId, state]));
      return pageOfMachines(await listMachines(reading), query, ({ id }) => states.get(id) ?? 'none');
    },
    byId: (id) => machineById(reading, id),
    namesOf: (ids) => namesOf(reading, ids),
    namesOfMacs: (macs) => namesOfMacs(reading, macs),
    byName: async (name) =>
      machinesFrom(await joinedMachines(reading).where('machines.name', '=', name).execute())[0],
    byMac: async (mac) => {
      const owner = reading.selectFrom('machine_macs').select('machine_id').where('mac', '=', mac);
      return machinesFrom(await joinedMachines(reading).where('machines.id', '=', owner).execute())[0];
    },
    byClaims: async (claims) => {
      const { uuids = [], serial, assetTag, port } = claims;
      const rows = await joinedMachines(reading)
        .where((eb) => {
          const any: Expression<SqlBool>[] = [];
          if (uuids.length > 0) any.push(eb('machines.uuid', 'in', uuids));
          if (serial !== undefined) any.push(eb(eb.fn('lower', ['machines.serial']), '=', textKey(serial)));
          if (assetTag !== undefined)
            any.push(eb(eb.fn('lower', ['machines.asset_tag']), '=', textKey(assetTag)));
          if (port !== undefined) any.push(eb('machines.circuit_id', '=', port.circuitId));
          return eb.or(any);
        })
        .execute();
      return machinesFrom(rows);
    },
    unmet: async () =>
      machinesFrom(await joinedMachines(reading).where('machine_macs.mac', 'is', null).execute()),
    put: (machine) =>
      write(async (trx) => {
        const [objection] = await objectionsTo(trx, [machine]);
        if (objection) return { put: false, because: objection.because };
        await writeMachines(trx, [machine]);
        return { put: true };
      }),
    change: (id, decide) => write((trx) => changeMachine(trx, id, decide)),
    putAll: (decide) => write((trx) => putDecided(trx, decide)),
    enrol: (machine, by, maximum) => write((trx) => enrolMachine(trx, machine, by, maximum)),
    countEnrolled: () => countEnrolled(reading),
    learn: (id, mac, event) => write((trx) => learnMac(trx, id, mac, event)),
    merge: (ids, decide) => write((trx) => mergeMachines(trx, ids, decide)),
    remove: (id) => write((trx) => removeMachine(trx, id)),
  };
}

export async function listMachines(db: Kysely<Database>): Promise<readonly Machine[]> {
  return machinesFrom(await joinedMachines(db).execute());
}

async function changeMachine<Because>(
  trx: Kysely<Database>,
  id: string,
  decide: ChangeDecision<Because>,
): Promise<Changed<Because>> {
  const now = await machineById(trx, id);
  if (!now) return { changed: false, why: 'gone' };
  const decided = decide(now);
  if (!decided.change) return { changed: false, why: 'decided', because: decided.because };
  const [objection] = await objectionsTo(trx, [decided.machine]);
  if (objection) return { changed: false, why: 'taken', because: objection.because };
  await writeMachines(trx, [decided.machine]);
  return { changed: true, machine: decided.machine };
}

async function putDecided<Decided extends MachineDecision>(
  trx: Kysely<Database>,
  decide: (all: readonly Machine[]) => Decided,
) {
  const decided = decide(machinesFrom(await joinedMachines(trx).execute()));
  const busy = await objectionsToBusy(trx, decided.idle ?? []);
  const objections = [...busy, ...(await objectionsTo(trx, decided.put))];
  if (objections.length > 0) return { put: false, objections } as const;
  if (decided.purpose === 'look') return { put: true, decided, events: [] } as const;
  await writeMachines(trx, decided.put);
  return { put: true, decided, events: await appendAll(trx, decided.events) } as const;
}

async function objectionsToBusy(
  trx: Kysely<Database>,
  machines: readonly Machine[],
): Promise<readonly MachineObjection[]> {
  const objections: MachineObjection[] = [];
  for (const machine of machines) {
    const open = await openInstallOf(trx, machine.id);
    if (open)
      objections.push({
        machine,
        isBusy: true,
        because: `install ${open.id} of ${machine.name} is ${open.state}: cancel that first`,
      });
  }
  return objections;
}

async function appendAll(
  trx: Kysely<Database>,
  events: readonly NewTimelineEvent[],
): Promise<readonly TimelineEvent[]> {
  const written: TimelineEvent[] = [];
  for (const event of events) written.push(await appendEvent(trx, event));
  return written;
}

async function learnMac(
  trx: Kysely<Database>,
  id: string,
  mac: MacAddress,
  event: NewTimelineEvent,
): ReturnType<MachineStore['learn']> {
  const machine = await machineById(trx, id);
  if (!machine) return { learned: false, because: `there is no machine with the id "${id}"` };
  if (machine.macs.length > 0)
    return { learned: false, because: `${machine.name} has the MAC address ${machine.macs[0]} by now` };
  const [objection] = await objectionsTo(trx, [{ ...machine, macs: [mac] }]);
  if (objection) return { learned: false, because: objection.because };
  await trx.insertInto('machine_macs').values({ mac, machine_id: id, position: 0 }).execute();
  return { learned: true, event: await appendEvent(trx, event) };
}

export async function removeMachine(trx: Kysely<Database>, id: string): ReturnType<MachineStore['remove']> {
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
