import { type ReactNode, useMemo } from 'react';
import type { ItemOf } from '../../data/client.ts';
import type { Column } from '../../parts/data-table.tsx';
import { InstallStateBadge } from '../../parts/install-state.tsx';
import { MachineLink } from '../../parts/machine-link.tsx';
import { NAMED_LINK } from '../../parts/named-link.ts';
import type { SameWords } from '../../text/catalogue.ts';
import type { Format } from '../../text/format.ts';
import { useFormat, useText } from '../../text/language.tsx';
import { PowerSign } from './power-sign.tsx';
import { MACHINES } from './text.ts';

type Machine = ItemOf<'listMachines'>;
type Words = SameWords<(typeof MACHINES)['en']>;

/** `sortBy` is there where the server can sort by it. */
export function useMachineColumns(): readonly Column<Machine>[] {
  const text = useText(MACHINES);
  const format = useFormat();
  return useMemo(() => columnsOf(text, format), [text, format]);
}

/** Twenty rows are drawn with each step that somebody scrolls: few elements, and no component where text will do. */
function columnsOf(text: Words, format: Format): readonly Column<Machine>[] {
  return [
    {
      id: 'name',
      title: text.columns.name,
      width: 'minmax(8rem, 2fr)',
      sortBy: ({ name }) => name,
      cell: ({ name }) => <MachineLink name={name} className={NAMED_LINK} />,
    },
    {
      id: 'state',
      title: text.columns.state,
      width: '8rem',
      sortBy: ({ install }) => install?.state ?? 'none',
      cell: ({ install }) => <InstallStateBadge state={install?.state ?? 'none'} />,
    },
    {
      id: 'profile',
      title: text.columns.profile,
      width: 'minmax(6rem, 1fr)',
      isExtra: true,
      cell: ({ install }) => install?.profile ?? NOTHING,
    },
    {
      id: 'macs',
      title: text.columns.macs,
      width: '11rem',
      isExtra: true,
      look: 'font-mono text-sm',
      cell: ({ macs: [first, ...others] }) =>
        first !== undefined && others.length === 0 ? first : <Macs first={first} others={others} />,
    },
    {
      id: 'labels',
      title: text.columns.labels,
      width: 'minmax(8rem, 2fr)',
      isExtra: true,
      look: 'font-mono text-xs',
      cell: ({ labels }) => labelsOf(labels),
    },
    {
      id: 'power',
      title: text.columns.power,
      width: '7rem',
      isExtra: true,
      cell: ({ power }) => (power === undefined ? NOTHING : <PowerSign power={power} />),
    },
    {
      id: 'created',
      title: text.columns.created,
      width: '11rem',
      isExtra: true,
      align: 'end',
      look: 'text-sm text-dim',
      sortBy: ({ createdAt }) => createdAt,
      cell: ({ createdAt }) => format.dateTime(createdAt),
    },
  ];
}

const NOTHING = <span className="text-dim">–</span>;

interface MacsProps {
  readonly first: string | undefined;
  readonly others: readonly string[];
}

function Macs({ first, others }: MacsProps): ReactNode {
  const text = useText(MACHINES);
  const format = useFormat();
  if (first === undefined) return <span className="font-sans text-dim">{text.notMet}</span>;
  return (
    <span title={[first, ...others].join(' ')}>
      {first}
      <span className="font-sans text-dim"> {text.more(format.number(others.length))}</span>
    </span>
  );
}

function labelsOf(labels: Machine['labels']): ReactNode {
  return Object.entries(labels).map(([key, value]) => (
    <span key={key} className="mr-1 inline-block rounded-md bg-raised px-1.5 py-0.5">
      {value === '' ? key : `${key}=${value}`}
    </span>
  ));
}
