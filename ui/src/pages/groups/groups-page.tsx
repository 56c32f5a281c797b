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
import { Field } from '../../parts/field.tsx';
import { textOf } from '../../parts/form.tsx';
import { NAMED_LINK } from '../../parts/named-link.ts';
import { PageHeader } from '../../parts/page-header.tsx';
import { tellDone } from '../../parts/toasts.tsx';
import { useFormat, useText } from '../../text/language.tsx';
import { GROUPS } from './text.ts';

type Group = ItemOf<'listGroups'>;

export function GroupsPage(): ReactNode {
  const text = useText(GROUPS);
  const [isAdding, setAdding] = useState(false);
  const mayAdd = useMay('putGroup');
  const { data, error, refetch } = useRoute('listGroups', {});
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
          icon="group"
          title={text.empty.title}
          actions={add}
          command="muster group put rack-a --selector rack=a --profile web"
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
      <AddGroup isOpen={isAdding} close={() => setAdding(false)} />
    </>
  );
}

function AddGroup({ isOpen, close }: { readonly isOpen: boolean; readonly close: () => void }): ReactNode {
  const text = useText(GROUPS);
  const navigate = useNavigate();
  const adding = useAdding('putGroup', ['listGroups']);
  const add = async (name: string, form: FormData): Promise<void> => {
    await adding.mutateAsync({ params: { name }, input: { selector: textOf(form, 'selector') } });
    tellDone(text.done(name));
    await navigate({ to: '/groups/$group', params: { group: name } });
  };
  return (
    <AddNamed title={text.add} lead={text.addLead} isOpen={isOpen} close={close} adding={adding} add={add}>
      <Field label={text.selector} hint={text.selectorHint} name="selector" autoCapitalize="none" required />
    </AddNamed>
  );
}

function useColumns(): readonly Column<Group>[] {
  const { columns: text } = useText(GROUPS);
  const format = useFormat();
  return useMemo(
    (): readonly Column<Group>[] => [
      {
        id: 'name',
        title: text.name,
        width: 'minmax(8rem, 1fr)',
        sortBy: ({ name }) => name,
        cell: ({ name }) => (
          <Link to="/groups/$group" params={{ group: name }} className={NAMED_LINK}>
            {name}
          </Link>
        ),
      },
      {
        id: 'selector',
        title: text.selector,
        width: 'minmax(8rem, 2fr)',
        isExtra: true,
        cell: ({ selector }) => <code className="truncate font-mono text-sm">{selector}</code>,
      },
      {
        id: 'priority',
        title: text.priority,
        width: '6rem',
        align: 'end',
        isExtra: true,
        sortBy: ({ priority }) => priority,
        cell: ({ priority }) => format.number(priority),
      },
      {
        id: 'profile',
        title: text.profile,
        width: 'minmax(6rem, 1fr)',
        isExtra: true,
        sortBy: ({ profile = '' }) => profile,
        cell: ({ profile }) => profile,
      },
      {
        id: 'machines',
        title: text.machines,
        width: '6rem',
        align: 'end',
        sortBy: ({ machines }) => machines.length,
        cell: ({ machines }) => format.number(machines.length),
      },
    ],
    [text, format],
  );
}
