import { Link } from '@tanstack/react-router';
import { type ReactNode, useMemo, useState } from 'react';
import type { ItemOf } from '../../data/client.ts';
import { useRoute } from '../../data/queries.ts';
import { useMay } from '../../data/session.tsx';
import { Button } from '../../parts/button.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { useFormat, useText } from '../../text/language.tsx';
import { AddProfile } from './add-profile.tsx';
import { PROFILES } from './text.ts';

type Profile = ItemOf<'listProfiles'>;

export function ProfilesPage(): ReactNode {
  const text = useText(PROFILES);
  const [isAdding, setAdding] = useState(false);
  const mayAdd = useMay('putProfile');
  const { data, error, refetch } = useRoute('listProfiles', {});
  const columns = useColumns();
  const rows = data?.items ?? [];
  const add = mayAdd && (
    <Button look="main" icon="add" onClick={() => setAdding(true)}>
      {text.add}
    </Button>
  );
  return (
    <>
      <PageHeader title={text.title} lead={text.lead} actions={rows.length > 0 && add} />
      {error && <ErrorState problem={error} retry={() => void refetch()} />}
      {data && rows.length === 0 && (
        <EmptyState
          icon="profile"
          title={text.empty.title}
          actions={add}
          command="muster profile set web --image centos-7"
        >
          {text.empty.text}
        </EmptyState>
      )}
      {rows.length > 0 && (
        <section aria-label={text.table} className="flex min-h-96 flex-1 flex-col rounded-lg border bg-panel">
          <div className="min-h-0 flex-1 basis-0">
            <DataTable label={text.table} rows={rows} columns={columns} keyOf={({ name }) => name} />
          </div>
        </section>
      )}
      <AddProfile isOpen={isAdding} close={() => setAdding(false)} />
    </>
  );
}

function useColumns(): readonly Column<Profile>[] {
  const text = useText(PROFILES);
  const format = useFormat();
  return useMemo(
    (): readonly Column<Profile>[] => [
      {
        id: 'name',
        title: text.columns.name,
        width: 'minmax(8rem, 1fr)',
        sortBy: ({ name }) => name,
        cell: ({ name }) => (
          <Link
            to="/profiles/$profile"
            params={{ profile: name }}
            className="inline-flex h-11 max-w-full items-center truncate font-medium hover:text-accent hover:underline"
          >
            {name}
          </Link>
        ),
      },
      {
        id: 'image',
        title: text.columns.image,
        width: 'minmax(8rem, 1fr)',
        sortBy: ({ image }) => image,
        cell: ({ image }) => (
          <Link
            to="/images/$image"
            params={{ image }}
            className="inline-flex h-11 items-center hover:text-accent hover:underline"
          >
            {image}
          </Link>
        ),
      },
      {
        id: 'template',
        title: text.columns.template,
        width: 'minmax(8rem, 1fr)',
        isExtra: true,
        cell: ({ template }) => (template === undefined ? text.builtIn : text.own),
      },
      {
        id: 'variables',
        title: text.columns.variables,
        width: '7rem',
        align: 'end',
        isExtra: true,
        cell: ({ variables }) => format.number(Object.keys(variables).length),
      },
    ],
    [text, format],
  );
}
