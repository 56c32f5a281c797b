import type { ReactNode } from 'react';
import type { AskProblem } from '../../data/client.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import type { IconName } from '../../parts/icon.tsx';

interface ListPanelProps<Row extends object> {
  readonly answer: {
    readonly data: { readonly items: readonly Row[] } | undefined;
    readonly error: AskProblem | null;
    readonly refetch: () => unknown;
  };
  readonly title: string;
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly keyOf: (row: Row) => string;
  /** The button that adds to it. */
  readonly add: ReactNode;
  readonly empty: {
    readonly icon: IconName;
    readonly title: string;
    readonly text: string;
    readonly command: string;
  };
}

/** A list that one adds to with a button above it; where it is empty, what would be there, and how it comes. */
export function ListPanel<Row extends object>({
  answer: { data, error, refetch },
  title,
  label,
  columns,
  keyOf,
  add,
  empty,
}: ListPanelProps<Row>): ReactNode {
  return (
    <>
      {error && <ErrorState problem={error} retry={() => void refetch()} />}
      {data?.items.length === 0 && (
        <EmptyState icon={empty.icon} title={empty.title} actions={add} command={empty.command}>
          {empty.text}
        </EmptyState>
      )}
      {data && data.items.length > 0 && (
        <section aria-label={title} className="flex min-h-80 flex-1 flex-col rounded-lg border bg-panel">
          <div className="flex justify-end border-b p-3">{add}</div>
          <div className="min-h-0 flex-1 basis-0">
            <DataTable label={label} rows={data.items} columns={columns} keyOf={keyOf} />
          </div>
        </section>
      )}
    </>
  );
}
