import { useInfiniteQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo, useState } from 'react';
import { type Answer, ask, type AskProblem, type ItemOf } from '../../data/client.ts';
import { Button } from '../../parts/button.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { SearchField } from '../../parts/field.tsx';
import { Badge } from '../../parts/status.tsx';
import { useFormat, useText } from '../../text/language.tsx';
import { AuditDialog } from './audit-dialog.tsx';
import { USERS } from './text.ts';

export type AuditEntry = ItemOf<'listAudit'>;
interface Wanted {
  readonly who: string;
  readonly route: string;
  readonly path: string;
}

const PAGE_ROWS = 500;
const FIRST_BAD_STATUS = 400;

/** Who changed what, newest first. */
export function AuditPanel(): ReactNode {
  const { audit: text } = useText(USERS);
  const [wanted, want] = useState<Wanted>({ who: '', route: '', path: '' });
  const [opened, open] = useState<AuditEntry>();
  const { rows, error, older } = useAudit(wanted);
  const columns = useColumns(open);
  const field = (key: keyof Wanted, label: string): ReactNode => (
    <SearchField
      label={label}
      value={wanted[key]}
      onChange={(value) => want((before) => ({ ...before, [key]: value.trim() }))}
    />
  );
  return (
    <section aria-label={text.route} className="flex min-h-96 flex-1 flex-col rounded-lg border bg-panel">
      <div className="flex flex-wrap items-center gap-3 border-b p-3">
        {field('who', text.who)}
        {field('route', text.route)}
        {field('path', text.path)}
        {older && <Button onClick={older}>{text.older}</Button>}
      </div>
      {error && <ErrorState problem={error} />}
      <div className="min-h-0 flex-1 basis-0">
        <DataTable
          label={text.route}
          rows={rows}
          columns={columns}
          keyOf={({ id }) => String(id)}
          {...(wanted.who + wanted.route + wanted.path === ''
            ? { empty: <p className="p-8 text-center text-dim">{text.empty}</p> }
            : {})}
        />
      </div>
      {opened && <AuditDialog entry={opened} close={() => open(undefined)} />}
    </section>
  );
}

function useAudit(wanted: Wanted) {
  const { data, error, hasNextPage, fetchNextPage } = useInfiniteQuery<
    Answer<'listAudit'>,
    AskProblem,
    { readonly pages: readonly Answer<'listAudit'>[] },
    readonly unknown[],
    number | undefined
  >({
    queryKey: ['listAudit', wanted],
    initialPageParam: undefined,
    queryFn: ({ pageParam, signal }) => {
      const filled = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== ''));
      const before = pageParam === undefined ? {} : { before: pageParam };
      return ask('listAudit', { query: { ...filled, ...before, limit: PAGE_ROWS } }, signal);
    },
    getNextPageParam: ({ items }) => (items.length < PAGE_ROWS ? undefined : items.at(-1)?.id),
  });
  const rows = useMemo(() => (data?.pages ?? []).flatMap(({ items }) => items), [data]);
  return { rows, error, older: hasNextPage ? () => void fetchNextPage() : undefined };
}

function useColumns(open: (entry: AuditEntry) => void): readonly Column<AuditEntry>[] {
  const { audit: text } = useText(USERS);
  const format = useFormat();
  return useMemo(
    () => [
      {
        id: 'at',
        title: text.at,
        width: '11rem',
        isExtra: true,
        cell: ({ at }) => <span className="text-sm text-dim">{format.dateTime(at)}</span>,
      },
      {
        id: 'who',
        title: text.who,
        width: '8rem',
        narrowWidth: '5rem',
        cell: ({ who }) => (who === '' ? <span className="text-dim">{text.nobody}</span> : who),
      },
      {
        id: 'route',
        title: text.route,
        width: 'minmax(9rem, 2fr)',
        narrowWidth: 'minmax(6rem, 1fr)',
        cell: (entry) => (
          <button
            type="button"
            onClick={() => open(entry)}
            className="h-11 max-w-full truncate text-left hover:text-accent hover:underline"
          >
            {entry.route} <span className="font-mono text-sm text-dim">{entry.path}</span>
          </button>
        ),
      },
      {
        id: 'status',
        title: text.status,
        width: '5rem',
        narrowWidth: '4rem',
        cell: ({ status }) => <Badge tone={status < FIRST_BAD_STATUS ? 'good' : 'bad'}>{status}</Badge>,
      },
    ],
    [text, format, open],
  );
}
