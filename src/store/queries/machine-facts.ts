import type { FactReport } from '../../core/machines/facts.ts';
import type { FactStore } from '../../core/machines/fact-store.ts';
import type { MachineFactsRow } from '../tables/machine-tables.ts';
import { fromJson, toJson } from '../row-values.ts';
import type { StoreAccess } from '../store-access.ts';

export function factQueries({ reading, write }: StoreAccess): FactStore {
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
    all: async () => {
      const rows = await reading.selectFrom('machine_facts').selectAll().orderBy('source').execute();
      return byMachine(rows);
    },
    put: (machineId, { source, facts, atMs }) =>
      write(async (trx) => {
        const known = await trx
          .selectFrom('machines')
          .select('id')
          .where('id', '=', machineId)
          .executeTakeFirst();
        if (!known) return false;
        const row = { machine_id: machineId, source, facts: toJson(facts), at_ms: atMs };
        await trx
          .insertInto('machine_facts')
          .values(row)
          .onConflict((conflict) => conflict.columns(['machine_id', 'source']).doUpdateSet(row))
          .execute();
        return true;
      }),
  };
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
