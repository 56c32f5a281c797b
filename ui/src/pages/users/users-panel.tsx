import { type ReactNode, useMemo, useState } from 'react';
import type { ItemOf } from '../../data/client.ts';
import { useRoute } from '../../data/queries.ts';
import { Button } from '../../parts/button.tsx';
import type { Column } from '../../parts/data-table.tsx';
import { Badge } from '../../parts/status.tsx';
import { useFormat, useText } from '../../text/language.tsx';
import { AddUser } from './add-user.tsx';
import { LinkDialog, type ShownLink } from './link-dialog.tsx';
import { ListPanel } from './list-panel.tsx';
import { USERS } from './text.ts';
import { RoleChoice, UserActions } from './user-actions.tsx';

type User = ItemOf<'listUsers'>;

/** Everybody who may log in. */
export function UsersPanel(): ReactNode {
  const text = useText(USERS);
  const [isAdding, setAdding] = useState(false);
  const [link, showLink] = useState<ShownLink>();
  const answer = useRoute('listUsers', {});
  const columns = useColumns(showLink);
  const add = (
    <Button look="main" icon="add" onClick={() => setAdding(true)}>
      {text.add}
    </Button>
  );
  return (
    <>
      <ListPanel
        answer={answer}
        title={text.title}
        label={text.title}
        columns={columns}
        keyOf={({ name }) => name}
        add={add}
        empty={{ icon: 'users', ...text.noUsers, command: 'muster user add anna --role operator' }}
      />
      {isAdding && <AddUser close={() => setAdding(false)} showLink={showLink} />}
      {link && <LinkDialog link={link} close={() => showLink(undefined)} />}
    </>
  );
}

function useColumns(showLink: (link: ShownLink) => void): readonly Column<User>[] {
  const { columns: text, states } = useText(USERS);
  const format = useFormat();
  return useMemo(
    () => [
      {
        id: 'name',
        title: text.name,
        width: 'minmax(7rem, 2fr)',
        sortBy: ({ name }) => name,
        cell: ({ name }) => <span className="font-medium">{name}</span>,
      },
      {
        id: 'role',
        title: text.role,
        width: '9rem',
        isExtra: true,
        sortBy: ({ role }) => role,
        cell: (user) => <RoleChoice user={user} />,
      },
      {
        id: 'state',
        title: text.state,
        width: '10rem',
        isExtra: true,
        sortBy: ({ state }) => state,
        cell: ({ state, password }) => (
          <Badge tone={state === 'locked' ? 'bad' : password === 'none' ? 'wait' : 'good'}>
            {state === 'active' && password === 'none' ? states.none : states[state]}
          </Badge>
        ),
      },
      {
        id: 'added',
        title: text.added,
        width: '11rem',
        isExtra: true,
        sortBy: ({ createdAt }) => createdAt,
        cell: ({ createdAt }) => <span className="text-sm text-dim">{format.dateTime(createdAt)}</span>,
      },
      {
        id: 'actions',
        title: text.actions,
        width: '9rem',
        align: 'end',
        cell: (user) => <UserActions user={user} showLink={showLink} />,
      },
    ],
    [text, states, format, showLink],
  );
}
