import { type ReactNode, useState } from 'react';
import type { RouteName } from '../../../src/contract/routes.ts';
import type { AskProblem } from '../data/client.ts';
import { useMay } from '../data/session.tsx';
import { Button } from './button.tsx';
import { type Column, DataTable } from './data-table.tsx';
import { EmptyState } from './empty-state.tsx';
import { ErrorState } from './error-state.tsx';
import type { IconName } from './icon.tsx';
import { PageHeader } from './page-header.tsx';

interface Named {
  readonly name: string;
}

interface ListPageProps<Item extends Named> {
  readonly text: {
    readonly title: string;
    readonly lead: string;
    /** What the button says that adds one. */
    readonly add: string;
    readonly empty: { readonly title: string; readonly text: string };
  };
  /** Of the empty page. */
  readonly icon: IconName;
  /** What adds one on the command line. */
  readonly command: string;
  readonly list: {
    /** Undefined: not known yet. */
    readonly rows: readonly Item[] | undefined;
    readonly error: AskProblem | null;
    readonly refetch: () => unknown;
  };
  readonly columns: readonly Column<Item>[];
  /** The row that adds one: who may not ask it sees no button. */
  readonly adds: RouteName;
  /** Asks for what a new one needs. */
  readonly addDialog: (state: { readonly isOpen: boolean; readonly close: () => void }) => ReactNode;
}

/** All things of one kind in a table, each with a page of its own, and how one is added. */
export function ListPage<Item extends Named>(props: ListPageProps<Item>): ReactNode {
  const { text, icon, command, columns, adds, addDialog } = props;
  const { rows, error, refetch } = props.list;
  const [isAdding, setAdding] = useState(false);
  const hasRows = rows !== undefined && rows.length > 0;
  const add = useMay(adds) && (
    <Button look="main" icon="add" onClick={() => setAdding(true)}>
      {text.add}
    </Button>
  );
  return (
    <>
      <PageHeader title={text.title} lead={text.lead} actions={hasRows && add} />
      {error && <ErrorState problem={error} retry={() => void refetch()} />}
      {rows?.length === 0 && (
        <EmptyState icon={icon} title={text.empty.title} actions={add} command={command}>
          {text.empty.text}
        </EmptyState>
      )}
      {hasRows && (
        <section aria-label={text.title} className="flex min-h-96 flex-1 flex-col rounded-lg border bg-panel">
          <div className="min-h-0 flex-1 basis-0">
            <DataTable label={text.title} rows={rows} columns={columns} keyOf={({ name }) => name} />
          </div>
        </section>
      )}
      {addDialog({ isOpen: isAdding, close: () => setAdding(false) })}
    </>
  );
}
