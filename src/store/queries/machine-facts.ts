import type { FactReport } from '../../core/machines/facts.ts';
import type { FactStore, MachineReport } from '../../core/machines/fact-store.ts';
import type { MachineFactsRow } from '../tables/machine-tables.ts';
import { fromJson, toJson } from '../row-values.ts';
import type { StoreAccess } from '../store-access.ts';
import { chunksOf } from './machine-writes.ts';

export function factQueries({ reading, batch }: StoreAccess): FactStore {
  return {
    ofMachine: async (machineId) => {
      const rows = await reading
        .selectFrom('machine_facts')
        .selectAll()
        .where('machine_id', '=', machineId)
        .orderBy('source')
        .execute();
      return rows.map(reportFrom);
    },
    ofMachines: async (machineIds) => {
      const rows: MachineFactsRow[] = [];
      for (const ids of chunksOf([...new Set(machineIds)])) {
        const some = reading.selectFrom('machine_facts').selectAll().where('machine_id', 'in', ids);
        rows.push(...(await some.orderBy('source').execute()));
      }
      return byMachine(rows);
    },
    all: async () => {
      const rows = await reading.selectFrom('machine_facts').selectAll().orderBy('source').execute();
      return byMachine(rows);
    },
    put: async (machineId, report) => (await putAll(batch, [{ machineId, ...report }])).size === 0,
    putAll: (reports) => putAll(batch, reports),
  };
}

/** One message to the database, however many there are. */
async function putAll(
  batch: StoreAccess['batch'],
  reports: readonly MachineReport[],
): Promise<ReadonlySet<string>> {
  if (reports.length === 0) return new Set();
  const rows = reports.map(({ machineId, source, atMs }) => [machineId, source, atMs]);
  const [gone = []] = await batch(
    [
      { name: 'machinesGone', value: [...new Set(reports.map(({ machineId }) => machineId))] },
      { name: 'putFacts', value: rows, lastColumn: reports.map(({ facts }) => toJson(facts)) },
    ],
    'power failure',
  );
  return new Set(gone.map(({ id }) => String(id)));
}

function byMachine(rows: readonly MachineFactsRow[]): ReadonlyMap<string, readonly FactReport[]> {
  const found = new Map<string, FactReport[]>();
  for (const row of rows) {
    const same = found.get(row.machine_id);
    if (same) same.push(reportFrom(row));
    else found.set(row.machine_id, [reportFrom(row)]);
  }
  return found;
}

function reportFrom({ source, facts, at_ms }: MachineFactsRow): FactReport {
  return { source, facts: fromJson(facts), atMs: at_ms };
}
