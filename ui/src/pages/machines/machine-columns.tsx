import { Link } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import type { ItemOf } from '../../data/client.ts';
import type { Column } from '../../parts/data-table.tsx';
import { InstallStateBadge } from '../../parts/install-state.tsx';
import { useFormat, useText } from '../../text/language.tsx';
import { PowerSign } from './power-sign.tsx';
import { MACHINES } from './text.ts';

type Machine = ItemOf<'listMachines'>;

/** The columns of the table of machines, without their titles; `sortBy` is there where the server can sort by it. */
const COLUMNS: readonly (Omit<Column<Machine>, 'title' | 'id'> & {
  readonly id: 'name' | 'state' | 'profile' | 'macs' | 'labels' | 'power' | 'created';
})[] = [
  {
    id: 'name',
    width: 'minmax(8rem, 2fr)',
    sortBy: ({ name }) => name,
    cell: ({ name }) => <Name name={name} />,
  },
  {
    id: 'state',
    width: '8rem',
    sortBy: ({ install }) => install?.state ?? 'none',
    cell: ({ install }) => <InstallStateBadge state={install?.state ?? 'none'} />,
  },
  {
    id: 'profile',
    width: 'minmax(6rem, 1fr)',
    isExtra: true,
    cell: ({ install }) => install?.profile ?? <span className="text-dim">–</span>,
  },
  { id: 'macs', width: '11rem', isExtra: true, cell: ({ macs }) => <Macs macs={macs} /> },
  {
    id: 'labels',
    width: 'minmax(8rem, 2fr)',
    isExtra: true,
    cell: ({ labels }) => <Labels labels={labels} />,
  },
  { id: 'power', width: '7rem', isExtra: true, cell: ({ power }) => <PowerSign power={power} /> },
  {
    id: 'created',
    width: '11rem',
    isExtra: true,
    align: 'end',
    sortBy: ({ createdAt }) => createdAt,
    cell: ({ createdAt }) => <Added at={createdAt} />,
  },
];

export function useMachineColumns(): readonly Column<Machine>[] {
  const { columns } = useText(MACHINES);
  return useMemo(() => COLUMNS.map((column) => ({ ...column, title: columns[column.id] })), [columns]);
}

function Name({ name }: { readonly name: string }): ReactNode {
  return (
    <Link
      to="/machines/$machine"
      params={{ machine: name }}
      className="inline-flex h-11 max-w-full items-center truncate font-medium hover:text-accent hover:underline"
    >
      {name}
    </Link>
  );
}

function Added({ at }: { readonly at: string }): ReactNode {
  const format = useFormat();
  return <span className="text-sm text-dim">{format.dateTime(at)}</span>;
}

function Macs({ macs }: { readonly macs: readonly string[] }): ReactNode {
  const text = useText(MACHINES);
  const format = useFormat();
  const [first, ...others] = macs;
  if (first === undefined) return <span className="text-dim">{text.notMet}</span>;
  return (
    <span title={macs.join(' ')}>
      <span className="font-mono text-sm">{first}</span>
      {others.length > 0 && (
        <span className="text-sm text-dim"> {text.more(format.number(others.length))}</span>
      )}
    </span>
  );
}

function Labels({ labels }: { readonly labels: Readonly<Record<string, string>> }): ReactNode {
  return (
    <span className="flex gap-1 overflow-hidden">
      {Object.entries(labels).map(([key, value]) => (
        <span key={key} className="rounded-md bg-raised px-1.5 py-0.5 font-mono text-xs whitespace-nowrap">
          {value === '' ? key : `${key}=${value}`}
        </span>
      ))}
    </span>
  );
}
