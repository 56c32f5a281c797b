import { Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import type { ItemOf } from '../../data/client.ts';
import { useAdding, useRoute } from '../../data/queries.ts';
import { AddNamed } from '../../parts/add-named.tsx';
import type { Column } from '../../parts/data-table.tsx';
import { ListPage } from '../../parts/list-page.tsx';
import { NAMED_LINK } from '../../parts/named-link.ts';
import { tellDone } from '../../parts/toasts.tsx';
import { useFormat, useText } from '../../text/language.tsx';
import { SNIPPETS } from './text.ts';

type Snippet = ItemOf<'listSnippets'>;

export function SnippetsPage(): ReactNode {
  const { data, error, refetch } = useRoute('listSnippets', {});
  return (
    <ListPage
      text={useText(SNIPPETS)}
      icon="snippet"
      command="muster snippet put users users.j2"
      list={{ rows: data?.items, error, refetch }}
      columns={useColumns()}
      adds="putSnippet"
      addDialog={(dialog) => <AddSnippet {...dialog} />}
    />
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
