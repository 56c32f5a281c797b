import { type ReactNode, useDeferredValue, useEffect, useMemo, useState } from 'react';
import { useRoute } from '../../data/queries.ts';
import { useMay } from '../../data/session.tsx';
import { announce } from '../../parts/announcer.tsx';
import { Button } from '../../parts/button.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Choice, SearchField } from '../../parts/field.tsx';
import { INSTALL_STATES } from '../../parts/install-state.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { COMMON } from '../../parts/text.ts';
import { useFormat, useText } from '../../text/language.tsx';
import { AddMachine } from './add-machine.tsx';
import { fitting, type MachineRow, machineRows, type Wanted } from './machine-rows.ts';
import { useMachineColumns } from './machine-columns.tsx';
import { MACHINES } from './text.ts';

/** As many installs as the server gives at one time. */
const MAX_INSTALLS = 1000;
const NO_ROWS: readonly never[] = [];

/** Every machine that is known: thousands are searched while somebody types. */
export function MachinesPage(): ReactNode {
  const text = useText(MACHINES);
  const [isAdding, setAdding] = useState(false);
  const mayAdd = useMay('addMachine');
  const { data: machines, error, refetch } = useRoute('listMachines', {});
  const { data: installs } = useRoute('listInstalls', { query: { limit: MAX_INSTALLS } });
  const rows = useMemo(
    () => machineRows(machines?.items ?? NO_ROWS, installs?.items ?? NO_ROWS),
    [machines, installs],
  );
  const add = mayAdd && (
    <Button look="main" icon="add" onClick={() => setAdding(true)}>
      {text.add}
    </Button>
  );
  return (
    <>
      <PageHeader title={text.title} lead={text.lead} actions={rows.length > 0 && add} />
      {error && <ErrorState problem={error} retry={() => void refetch()} />}
      {machines && rows.length === 0 && (
        <EmptyState
          icon="machine"
          title={text.empty.title}
          actions={add}
          command="muster machine add web01 --mac 52:54:00:12:34:56"
        >
          {text.empty.text}
        </EmptyState>
      )}
      {rows.length > 0 && <MachineTable rows={rows} />}
      <AddMachine isOpen={isAdding} close={() => setAdding(false)} />
    </>
  );
}

function MachineTable({ rows }: { readonly rows: readonly MachineRow[] }): ReactNode {
  const text = useText(MACHINES);
  const common = useText(COMMON);
  const format = useFormat();
  const states = useText(INSTALL_STATES);
  const [wanted, setWanted] = useState<Wanted>({ search: '', state: '' });
  // Letters come first: what fits may be drawn a moment later.
  const looked = useDeferredValue(wanted);
  const shown = useMemo(() => fitting(rows, looked), [rows, looked]);
  const columns = useMachineColumns();
  const count = common.allOf(format.number(shown.length), format.number(rows.length));
  useEffect(() => announce(count), [count]);
  return (
    <section aria-label={text.table} className="flex min-h-96 flex-1 flex-col rounded-lg border bg-panel">
      <div className="flex flex-wrap items-center gap-3 border-b p-3">
        <SearchField
          label={text.search}
          value={wanted.search}
          onChange={(search) => setWanted((before) => ({ ...before, search }))}
        />
        <Choice
          label={text.state}
          isLabelHidden
          value={wanted.state}
          onChange={({ target }) =>
            setWanted((before) => ({ ...before, state: target.value as Wanted['state'] }))
          }
        >
          <option value="">{text.anyState}</option>
          {Object.entries(states).map(([state, word]) => (
            <option key={state} value={state}>
              {word}
            </option>
          ))}
        </Choice>
        <span className="ml-auto text-sm whitespace-nowrap text-dim">{count}</span>
      </div>
      <div className="min-h-0 flex-1 basis-0">
        <DataTable label={text.table} rows={shown} columns={columns} keyOf={({ machine }) => machine.id} />
      </div>
    </section>
  );
}
