import { type ReactNode, useMemo, useState } from 'react';
import type { ItemOf } from '../../data/client.ts';
import { useChange, useRoute } from '../../data/queries.ts';
import { Button, IconButton } from '../../parts/button.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import type { Column } from '../../parts/data-table.tsx';
import { tellDone } from '../../parts/toasts.tsx';
import { useFormat, useText } from '../../text/language.tsx';
import { AddToken } from './add-token.tsx';
import { ListPanel } from './list-panel.tsx';
import { USERS } from './text.ts';

type Token = ItemOf<'listTokens'>;

/** Tokens of whoever is here; an admin sees all. */
export function TokensPanel(): ReactNode {
  const { tokens: text } = useText(USERS);
  const [isAdding, setAdding] = useState(false);
  const [leaving, leave] = useState<Token>();
  const answer = useRoute('listTokens', {});
  const removing = useChange('deleteToken', ['listTokens']);
  const columns = useColumns(leave);
  const add = (
    <Button look="main" icon="add" onClick={() => setAdding(true)}>
      {text.add}
    </Button>
  );
  return (
    <>
      <ListPanel
        answer={answer}
        title={text.add}
        label={text.lead}
        columns={columns}
        keyOf={({ id }) => id}
        add={add}
        empty={{
          icon: 'link',
          ...text.empty,
          command: 'muster token add pipeline --role operator --only machines,installs --expires 90d',
        }}
      />
      {isAdding && <AddToken close={() => setAdding(false)} />}
      {leaving && (
        <Confirm
          title={text.takeAway}
          action={text.takeAway}
          isOpen
          close={() => leave(undefined)}
          act={async () => {
            await removing.mutateAsync({ params: { id: leaving.id } });
            tellDone(text.removed);
          }}
        >
          {text.removeText(leaving.title)}
        </Confirm>
      )}
    </>
  );
}

function useColumns(leave: (token: Token) => void): readonly Column<Token>[] {
  const { tokens: text, roles, columns: shared } = useText(USERS);
  const format = useFormat();
  return useMemo(
    () => [
      {
        id: 'title',
        title: text.columns.title,
        width: 'minmax(8rem, 2fr)',
        sortBy: ({ title }) => title,
        cell: ({ title }) => <span className="font-medium">{title}</span>,
      },
      { id: 'user', title: text.columns.user, width: '8rem', isExtra: true, cell: ({ user }) => user },
      {
        id: 'role',
        title: text.columns.role,
        width: '7rem',
        isExtra: true,
        cell: ({ role }) => roles[role],
      },
      {
        id: 'only',
        title: text.columns.only,
        width: 'minmax(6rem, 1fr)',
        isExtra: true,
        cell: ({ only }) => (only.length === 0 ? text.all : only.join(', ')),
      },
      {
        id: 'expires',
        title: text.columns.expires,
        width: '11rem',
        isExtra: true,
        cell: ({ expiresAt }) => (expiresAt === undefined ? '–' : format.dateTime(expiresAt)),
      },
      {
        id: 'used',
        title: text.columns.used,
        width: '11rem',
        isExtra: true,
        cell: ({ lastUsedAt }) => (lastUsedAt === undefined ? text.never : format.dateTime(lastUsedAt)),
      },
      {
        id: 'actions',
        title: shared.actions,
        width: '5rem',
        align: 'end',
        cell: (token) => (
          <IconButton icon="remove" label={`${text.takeAway}: ${token.title}`} onClick={() => leave(token)} />
        ),
      },
    ],
    [text, roles, shared, format, leave],
  );
}
