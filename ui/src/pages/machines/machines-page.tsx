import { type ReactNode, useEffect, useState } from 'react';
import { useRoute } from '../../data/queries.ts';
import { useMay } from '../../data/session.tsx';
import { useSettled } from '../../data/settled.ts';
import { announce } from '../../parts/announcer.tsx';
import { Button } from '../../parts/button.tsx';
import { DataTable, type ServedRows } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Choice, SearchField } from '../../parts/field.tsx';
import { INSTALL_STATES } from '../../parts/install-state.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { COMMON } from '../../parts/text.ts';
import { useFormat, useText } from '../../text/language.tsx';
import { AddMachine } from './add-machine.tsx';
import { useMachineColumns } from './machine-columns.tsx';
import { ALL, sortAfter, sortedOf, type Wanted } from './machine-query.ts';
import { MACHINES } from './text.ts';
import { EVERY_MS, useMachines } from './use-machines.ts';

/** Every machine that is known: the server searches and sorts thousands while somebody types. */
export function MachinesPage(): ReactNode {
  const text = useText(MACHINES);
  const [isAdding, setAdding] = useState(false);
  const mayAdd = useMay('addMachine');
  const { data: status, error, refetch } = useRoute('getStatus', {}, { everyMs: EVERY_MS });
  const known = status?.counts.machines;
  const add = mayAdd && (
    <Button look="main" icon="add" onClick={() => setAdding(true)}>
      {text.add}
    </Button>
  );
  return (
    <>
      <PageHeader title={text.title} lead={text.lead} actions={known !== 0 && add} />
      {error && <ErrorState problem={error} retry={() => void refetch()} />}
      {known === 0 && (
        <EmptyState
          icon="machine"
          title={text.empty.title}
          actions={add}
          command="muster machine add web01 --mac 52:54:00:12:34:56"
        >
          {text.empty.text}
        </EmptyState>
      )}
      {known !== undefined && known > 0 && <MachineTable known={known} />}
      <AddMachine isOpen={isAdding} close={() => setAdding(false)} />
    </>
  );
}

function MachineTable({ known }: { readonly known: number }): ReactNode {
  const text = useText(MACHINES);
  const common = useText(COMMON);
  const format = useFormat();
  const [wanted, setWanted] = useState(ALL);
  const search = useSettled(wanted.search);
  const { rows, total, error, more, retry } = useMachines({ ...wanted, search });
  const columns = useMachineColumns();
  const count = total === undefined ? '' : common.allOf(format.number(total), format.number(known));
  useEffect(() => announce(count), [count]);
  const change = (part: Partial<Wanted>): void => setWanted((before) => ({ ...before, ...part }));
  const served: ServedRows = {
    sorted: sortedOf(wanted.sort),
    sort: (id) => change({ sort: sortAfter(wanted.sort, id) }),
    total: total ?? rows.length,
    wish: JSON.stringify({ ...wanted, search }),
    more,
  };
  return (
    <section aria-label={text.table} className="flex min-h-96 flex-1 flex-col rounded-lg border bg-panel">
      <div className="flex flex-wrap items-center gap-3 border-b p-3">
        <SearchField label={text.search} value={wanted.search} onChange={(search) => change({ search })} />
        <StateChoice state={wanted.state} choose={(state) => change({ state })} />
        <span className="ml-auto text-sm whitespace-nowrap text-dim">{count}</span>
      </div>
      {error && (
        <div className="p-3">
          <ErrorState problem={error} retry={retry} />
        </div>
      )}
      <div className="min-h-0 flex-1 basis-0">
        <DataTable
          label={text.table}
          rows={rows}
          columns={columns}
          keyOf={({ id }) => id}
          served={served}
          {...(total === undefined
            ? { empty: <p className="p-8 text-center text-dim">{common.loading}</p> }
            : {})}
        />
      </div>
    </section>
  );
}

interface StateChoiceProps {
  readonly state: Wanted['state'];
  readonly choose: (state: Wanted['state']) => void;
}

function StateChoice({ state, choose }: StateChoiceProps): ReactNode {
  const text = useText(MACHINES);
  const states = useText(INSTALL_STATES);
  return (
    <Choice
      label={text.state}
      isLabelHidden
      value={state}
      onChange={({ target }) => choose(target.value as Wanted['state'])}
    >
      <option value="">{text.anyState}</option>
      {Object.entries(states).map(([one, word]) => (
        <option key={one} value={one}>
          {word}
        </option>
      ))}
    </Choice>
  );
}
