import { Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { useAllPages } from '../../data/all-pages.ts';
import { ask, type ItemOf } from '../../data/client.ts';
import { useAdding } from '../../data/queries.ts';
import { AddNamed } from '../../parts/add-named.tsx';
import type { Column } from '../../parts/data-table.tsx';
import { ListPage } from '../../parts/list-page.tsx';
import { Field } from '../../parts/field.tsx';
import { textOf } from '../../parts/form.tsx';
import { NAMED_LINK } from '../../parts/named-link.ts';
import { tellDone } from '../../parts/toasts.tsx';
import { useFormat, useText } from '../../text/language.tsx';
import { GROUPS } from './text.ts';

type Group = ItemOf<'listGroups'>;

export function GroupsPage(): ReactNode {
  const {
    data: rows,
    error,
    refetch,
  } = useAllPages('listGroups', '', (place, signal) => ask('listGroups', { query: place }, signal));
  return (
    <ListPage
      text={useText(GROUPS)}
      icon="group"
      command="muster group put rack-a --selector rack=a --profile web"
      list={{ rows, error, refetch }}
      columns={useColumns()}
      adds="putGroup"
      addDialog={(dialog) => <AddGroup {...dialog} />}
    />
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
