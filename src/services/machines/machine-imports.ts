import type { NewTimelineEvent } from '../../core/events/timeline-event.ts';
import type { MachineStore } from '../../core/machines/machine-store.ts';
import {
  type ImportPlan,
  type ImportRow,
  type PlannedRow,
  planImport,
  type RowObjection,
} from '../../core/machines/plan-import.ts';
import type { Clock } from '../../lib/clock.ts';
import type { EventLog } from '../event-log.ts';
import type { HashPassword } from '../answers/hide-passwords.ts';
import { hideImportedPasswords } from './import-passwords.ts';
import type { InstallSources } from '../installs/install-sources.ts';
import { MACHINE_ID_BYTES } from './machine-service.ts';

export interface MachineImportsNeeds {
  readonly machines: Pick<MachineStore, 'putAll'>;
  readonly events: Pick<EventLog, 'announce'>;
  readonly sources: Pick<InstallSources, 'objectionTo'>;
  readonly hashPassword: HashPassword;
  readonly clock: Clock;
  /** That many random bytes as lower-case hex. */
  readonly randomHex: (bytes: number) => string;
}

export interface Imported {
  /** False also where all is well and it was only to be looked at. */
  readonly applied: boolean;
  readonly rows: readonly PlannedRow[];
  /** Every reason against it; then nothing is changed. */
  readonly objections: readonly RowObjection[];
}

/** Many machines at once, all or none. */
export class MachineImports {
  readonly #needs: MachineImportsNeeds;

  constructor(needs: MachineImportsNeeds) {
    this.#needs = needs;
  }

  /** @param purpose `look`: tells what would become of each row, and changes nothing. */
  async import(told: readonly ImportRow[], purpose: 'apply' | 'look'): Promise<Imported> {
    const { machines, events, clock, hashPassword } = this.#needs;
    const { rows, objections: bad } = await hideImportedPasswords(told, hashPassword);
    let plan: ImportPlan = { rows: [], objections: [] };
    const written = await machines.putAll((all) => {
      plan = this.#plan(rows, all);
      const put = plan.rows.filter(({ what }) => what !== 'unchanged').map(({ machine }) => machine);
      const isGood = plan.objections.length + bad.length === 0;
      return {
        put,
        events: put.length > 0 ? [importedEvent(plan, clock.nowMs())] : [],
        ...(purpose === 'look' || !isGood ? { purpose: 'look' as const } : {}),
      };
    });
    const refused = written.put ? [] : written.objections;
    const rowOf = new Map(plan.rows.map(({ machine, row }) => [machine.id, row]));
    const objections = [
      ...bad,
      ...plan.objections,
      ...refused.map(({ machine, because }) => ({ row: rowOf.get(machine.id) ?? 0, because })),
    ].toSorted((one, other) => one.row - other.row);
    for (const event of written.put ? written.events : []) events.announce(event);
    return { applied: purpose === 'apply' && objections.length === 0, rows: plan.rows, objections };
  }

  #plan(rows: readonly ImportRow[], all: Parameters<typeof planImport>[1]['all']): ImportPlan {
    const { sources, clock, randomHex } = this.#needs;
    return planImport(rows, {
      all,
      newId: () => `m-${randomHex(MACHINE_ID_BYTES)}`,
      nowMs: clock.nowMs(),
      objectionTo: ({ name, source }) =>
        source && sources.objectionTo({ protocol: source, by: `machine ${name}` }),
    });
  }
}

function importedEvent({ rows }: ImportPlan, atMs: number): NewTimelineEvent {
  const count = (what: PlannedRow['what']): number => rows.filter((row) => row.what === what).length;
  const counts = { added: count('added'), changed: count('changed'), unchanged: count('unchanged') };
  return {
    atMs,
    kind: 'machine.imported',
    text: `Machines came from a file: ${counts.added} added, ${counts.changed} changed`,
    data: counts,
  };
}
