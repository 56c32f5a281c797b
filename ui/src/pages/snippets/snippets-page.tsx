import { Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useMemo, useState } from 'react';
import type { ItemOf } from '../../data/client.ts';
import { useAdding, useRoute } from '../../data/queries.ts';
import { useMay } from '../../data/session.tsx';
import { AddNamed } from '../../parts/add-named.tsx';
import { Button } from '../../parts/button.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { NAMED_LINK } from '../../parts/named-link.ts';
import { PageHeader } from '../../parts/page-header.tsx';
import { tellDone } from '../../parts/toasts.tsx';
import { useFormat, useText } from '../../text/language.tsx';
import { SNIPPETS } from './text.ts';

type Snippet = ItemOf<'listSnippets'>;

export function SnippetsPage(): ReactNode {
  const text = useText(SNIPPETS);
  const [isAdding, setAdding] = useState(false);
  const mayAdd = useMay('putSnippet');
  const { data, error, refetch } = useRoute('listSnippets', {});
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
          icon="snippet"
          title={text.empty.title}
          actions={add}
          command="muster snippet put users users.j2"
        >
          {text.empty.text}
        </EmptyState>
      )}
      {rows.length > 0 && (
        <section aria-label={text.title} className="flex min-h-96 flex-1 flex-col rounded-lg border bg-panel">
          <div className="min-h-0 flex-1 basis-0">
            <DataTable label={text.title} rows={rows} columns={columns} keyOf={({ name }) => name} />
          </div>
        </section>
      )}
      <AddSnippet isOpen={isAdding} close={() => setAdding(false)} />
    </>
  );
}

function AddSnippet({ isOpen, close }: { readonly isOpen: boolean; readonly close: () => void }): ReactNode {
  const text = useText(SNIPPETS);
  const navigate = useNavigate();
  const adding = useAdding('putSnippet', ['listSnippets']);
  const add = async (name: string): Promise<void> => {
    await adding.mutateAsync({ params: { name }, input: { text: '' } });
    tellDone(text.done(name));
    await navigate({ to: '/snippets/$snippet', params: { snippet: name } });
  };
  return (
    <AddNamed title={text.add} lead={text.addLead} isOpen={isOpen} close={close} adding={adding} add={add} />
  );
}

function useColumns(): readonly Column<Snippet>[] {
  const { columns: text } = useText(SNIPPETS);
  const format = useFormat();
  return useMemo(
    (): readonly Column<Snippet>[] => [
      {
        id: 'name',
        title: text.name,
        width: 'minmax(8rem, 1fr)',
        sortBy: ({ name }) => name,
        cell: ({ name }) => (
          <Link to="/snippets/$snippet" params={{ snippet: name }} className={NAMED_LINK}>
            {name}
          </Link>
        ),
      },
      {
        id: 'lines',
        title: text.lines,
        width: '6rem',
        align: 'end',
        sortBy: (snippet) => snippet.text.split('\n').length,
        cell: (snippet) => format.number(snippet.text.split('\n').length),
      },
      {
        id: 'beginning',
        title: text.beginning,
        width: 'minmax(8rem, 3fr)',
        isExtra: true,
        cell: (snippet) => (
          <code className="truncate font-mono text-sm text-dim">{snippet.text.trim().split('\n')[0]}</code>
        ),
      },
    ],
    [text, format],
  );
}
