import { type ReactNode, useMemo, useState } from 'react';
import type { WireEvent } from '../../../../src/contract/events.ts';
import { useSettled } from '../../data/settled.ts';
import { Button } from '../../parts/button.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { SearchField } from '../../parts/field.tsx';
import { MachineLink } from '../../parts/machine-link.tsx';
import { ROW_LINK } from '../../parts/named-link.ts';
import { PageHeader } from '../../parts/page-header.tsx';
import { COMMON } from '../../parts/text.ts';
import { useFormat, useText } from '../../text/language.tsx';
import { EventDialog } from './event-dialog.tsx';
import type { Wanted } from './event-rows.ts';
import { EVENTS } from './text.ts';
import { useEvents } from './use-events.ts';

const ALL: Wanted = { q: '', kind: '', machine: '' };

/** The whole timeline: what the server finds, and what happens meanwhile. */
export function EventsPage(): ReactNode {
  const text = useText(EVENTS);
  const common = useText(COMMON);
  const format = useFormat();
  const [typed, type] = useState(ALL);
  const [opened, open] = useState<WireEvent>();
  const wanted = useSettled(typed);
  const { rows, isAsked, error, older, retry } = useEvents(wanted);
  const columns = useColumns(open);
  const field = (key: keyof Wanted, label: string): ReactNode => (
    <SearchField
      label={label}
      value={typed[key]}
      onChange={(value) => type((before) => ({ ...before, [key]: value.trimStart() }))}
    />
  );
  return (
    <>
      <PageHeader title={text.title} lead={text.lead} />
      <section aria-label={text.title} className="flex min-h-96 flex-1 flex-col rounded-lg border bg-panel">
        <div className="flex flex-wrap items-center gap-3 border-b p-3">
          {field('q', text.search)}
          {field('kind', text.kind)}
          {field('machine', text.machine)}
          <span className="ml-auto text-sm whitespace-nowrap text-dim">
            {common.rows(format.number(rows.length))}
          </span>
          {older && <Button onClick={older}>{text.older}</Button>}
        </div>
        {error && (
          <div className="p-3">
            <ErrorState problem={error} retry={retry} />
          </div>
        )}
        <div className="min-h-0 flex-1 basis-0">
          <DataTable
            label={text.title}
            rows={rows}
            columns={columns}
            keyOf={({ id }) => String(id)}
            empty={
              isAsked ? (
                <p className="p-8 text-center text-dim">{common.loading}</p>
              ) : (
                wanted === ALL && (
                  <EmptyState icon="events" title={text.empty.title} command="muster events -f">
                    {text.empty.text}
                  </EmptyState>
                )
              )
            }
          />
        </div>
      </section>
      <EventDialog event={opened} close={() => open(undefined)} />
    </>
  );
}

function useColumns(open: (event: WireEvent) => void): readonly Column<WireEvent>[] {
  const { columns: text } = useText(EVENTS);
  const format = useFormat();
  return useMemo(
    () => [
      {
        id: 'at',
        title: text.at,
        width: '11rem',
        narrowWidth: '4rem',
        look: 'text-sm text-dim',
        cell: ({ at }) => (
          <span title={format.dateTime(at)}>
            <span className="narrow:hidden">{format.dateTime(at)}</span>
            <span className="hidden narrow:inline">{format.clock(at)}</span>
          </span>
        ),
      },
      {
        id: 'kind',
        title: text.kind,
        width: '12rem',
        isExtra: true,
        look: 'font-mono text-sm',
        cell: ({ kind }) => kind,
      },
      {
        id: 'text',
        title: text.text,
        width: 'minmax(10rem, 4fr)',
        cell: (event) => (
          <button
            type="button"
            title={event.because}
            onClick={() => open(event)}
            className="h-11 max-w-full truncate text-left hover:text-accent hover:underline"
          >
            {event.text}
          </button>
        ),
      },
      {
        id: 'machine',
        title: text.machine,
        width: 'minmax(7rem, 1fr)',
        isExtra: true,
        cell: ({ machine }) => machine !== undefined && <MachineLink name={machine} className={ROW_LINK} />,
      },
    ],
    [text, format, open],
  );
}
