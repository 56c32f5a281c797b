import { Link } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import type { ItemOf } from '../../data/client.ts';
import { useRoute } from '../../data/queries.ts';
import type { Column } from '../../parts/data-table.tsx';
import { ListPage } from '../../parts/list-page.tsx';
import { NAMED_LINK, ROW_LINK } from '../../parts/named-link.ts';
import { useFormat, useText } from '../../text/language.tsx';
import { AddProfile } from './add-profile.tsx';
import { PROFILES } from './text.ts';

type Profile = ItemOf<'listProfiles'>;

export function ProfilesPage(): ReactNode {
  const { data, error, refetch } = useRoute('listProfiles', {});
  return (
    <ListPage
      text={useText(PROFILES)}
      icon="profile"
      command="muster profile set web --image centos-7"
      list={{ rows: data?.items, error, refetch }}
      columns={useColumns()}
      adds="putProfile"
      addDialog={(dialog) => <AddProfile {...dialog} />}
    />
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
          <Link to="/profiles/$profile" params={{ profile: name }} className={NAMED_LINK}>
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
          <Link to="/images/$image" params={{ image }} className={ROW_LINK}>
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
