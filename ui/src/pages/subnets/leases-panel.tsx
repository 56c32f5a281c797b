import { type ReactNode, useMemo, useState } from 'react';
import { useChange } from '../../data/queries.ts';
import { useMay } from '../../data/session.tsx';
import { IconButton } from '../../parts/button.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { SearchField } from '../../parts/field.tsx';
import { MachineLink } from '../../parts/machine-link.tsx';
import { ROW_LINK } from '../../parts/named-link.ts';
import { Status, type Tone } from '../../parts/status.tsx';
import { tellDone } from '../../parts/toasts.tsx';
import type { SameWords } from '../../text/catalogue.ts';
import { useFormat, useText } from '../../text/language.tsx';
import { numberOf } from './address-math.ts';
import { fitting, type Lease } from './lease-search.ts';
import { SUBNETS } from './text.ts';

const TONES: Readonly<Record<Lease['state'], Tone>> = {
  held: 'busy',
  expired: 'wait',
  released: 'idle',
  declined: 'bad',
};

/** Who has which address, and how it is taken back. */
export function LeasesPanel({ leases }: { readonly leases: readonly Lease[] }): ReactNode {
  const { leases: text } = useText(SUBNETS);
  const [search, setSearch] = useState('');
  const [leaving, setLeaving] = useState<string>();
  const freeing = useChange('freeLease', ['listLeases']);
  const shown = useMemo(() => fitting(leases, search), [leases, search]);
  const columns = useColumns(setLeaving);
  return (
    <section aria-label={text.title} className="flex min-h-80 flex-1 flex-col rounded-lg border bg-panel">
      <div className="flex flex-wrap items-center gap-3 border-b p-3">
        <h2 className="font-semibold">{text.title}</h2>
        <SearchField label={text.search} value={search} onChange={setSearch} />
      </div>
      <div className="min-h-0 flex-1 basis-0">
        <DataTable
          label={text.title}
          rows={shown}
          columns={columns}
          keyOf={({ address }) => address}
          {...(leases.length === 0 ? { empty: <p className="p-8 text-center text-dim">{text.none}</p> } : {})}
        />
      </div>
      <Confirm
        title={text.freeTitle(leaving ?? '')}
        action={text.freeAction}
        isOpen={leaving !== undefined}
        close={() => setLeaving(undefined)}
        act={async () => {
          await freeing.mutateAsync({ params: { address: leaving ?? '' } });
          tellDone(text.freed(leaving ?? ''));
        }}
      >
        {text.freeText}
      </Confirm>
    </section>
  );
}

function useColumns(free: (address: string) => void): readonly Column<Lease>[] {
  const { leases: text } = useText(SUBNETS);
  const format = useFormat();
  const mayFree = useMay('freeLease');
  return useMemo((): readonly Column<Lease>[] => {
    const { columns: titles } = text;
    const all: readonly Column<Lease>[] = [
      {
        id: 'address',
        title: titles.address,
        width: '9rem',
        sortBy: ({ address }) => numberOf(address) ?? 0,
        cell: ({ address }) => <span className="font-mono text-sm">{address}</span>,
      },
      {
        id: 'state',
        title: titles.state,
        width: '8rem',
        narrowWidth: 'minmax(0, 1fr)',
        sortBy: ({ state }) => state,
        cell: ({ state }) => <Status tone={TONES[state]}>{text.states[state]}</Status>,
      },
      {
        id: 'machine',
        title: titles.machine,
        width: 'minmax(6rem, 1fr)',
        isExtra: true,
        sortBy: ({ machine }) => machine ?? '',
        cell: ({ machine }) => machine !== undefined && <MachineLink name={machine} className={ROW_LINK} />,
      },
      {
        id: 'mac',
        title: titles.mac,
        width: '11rem',
        isExtra: true,
        cell: ({ mac }) => <span className="font-mono text-sm">{mac}</span>,
      },
      {
        id: 'host',
        title: titles.host,
        width: 'minmax(6rem, 1fr)',
        isExtra: true,
        cell: ({ hostname }) => hostname,
      },
      {
        id: 'until',
        title: titles.until,
        width: '11rem',
        isExtra: true,
        sortBy: ({ expiresAt }) => expiresAt,
        cell: ({ expiresAt }) => <span className="text-sm text-dim">{format.dateTime(expiresAt)}</span>,
      },
    ];
    return mayFree ? [...all, freeColumn(text, free)] : all;
  }, [text, format, mayFree, free]);
}

function freeColumn(
  { free: label, columns }: SameWords<(typeof SUBNETS)['en']>['leases'],
  free: (address: string) => void,
): Column<Lease> {
  return {
    id: 'free',
    title: columns.free,
    width: '4.5rem',
    narrowWidth: '3rem',
    cell: ({ address, state }) =>
      (state === 'held' || state === 'declined') && (
        <IconButton icon="out" label={label(address)} onClick={() => free(address)} />
      ),
  };
}
