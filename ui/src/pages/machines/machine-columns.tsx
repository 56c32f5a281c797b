import { Link } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import type { Column } from '../../parts/data-table.tsx';
import { InstallStateBadge } from '../../parts/install-state.tsx';
import { useFormat, useText } from '../../text/language.tsx';
import type { MachineRow } from './machine-rows.ts';
import { PowerSign } from './power-sign.tsx';
import { MACHINES } from './text.ts';

/** The columns of the table of machines, without their titles. */
const COLUMNS: readonly (Omit<Column<MachineRow>, 'title' | 'id'> & {
  readonly id: 'name' | 'state' | 'profile' | 'macs' | 'labels' | 'power' | 'added';
})[] = [
  {
    id: 'name',
    width: 'minmax(8rem, 2fr)',
    sortBy: ({ machine }) => machine.name,
    cell: ({ machine: { name } }) => <Name name={name} />,
  },
  {
    id: 'state',
    width: '8rem',
    sortBy: ({ state }) => state,
    cell: ({ state }) => <InstallStateBadge state={state} />,
  },
  {
    id: 'profile',
    width: 'minmax(6rem, 1fr)',
    isExtra: true,
    sortBy: ({ profile }) => profile ?? '',
    cell: ({ profile }) => profile ?? <span className="text-dim">–</span>,
  },
  {
    id: 'macs',
    width: '11rem',
    isExtra: true,
    sortBy: ({ machine }) => machine.macs[0] ?? '',
    cell: ({ machine: { macs } }) => <Macs macs={macs} />,
  },
  {
    id: 'labels',
    width: 'minmax(8rem, 2fr)',
    isExtra: true,
    cell: ({ machine: { labels } }) => <Labels labels={labels} />,
  },
  {
    id: 'power',
    width: '7rem',
    isExtra: true,
    sortBy: ({ machine }) => machine.power?.state ?? '',
    cell: ({ machine: { power } }) => <PowerSign power={power} />,
  },
  {
    id: 'added',
    width: '11rem',
    isExtra: true,
    align: 'end',
    sortBy: ({ machine }) => machine.createdAt,
    cell: ({ machine: { createdAt } }) => <Added at={createdAt} />,
  },
];

export function useMachineColumns(): readonly Column<MachineRow>[] {
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
