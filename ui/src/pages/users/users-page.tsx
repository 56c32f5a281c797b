import { Tabs } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';
import { useMay } from '../../data/session.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { useText } from '../../text/language.tsx';
import { AuditPanel } from './audit-panel.tsx';
import { OwnPassword } from './own-password.tsx';
import { USERS } from './text.ts';
import { TokensPanel } from './tokens-panel.tsx';
import { UsersPanel } from './users-panel.tsx';

/** People and programs; what somebody may not see is not shown. */
export function UsersPage(): ReactNode {
  const text = useText(USERS);
  const maySeeUsers = useMay('listUsers');
  const maySeeTokens = useMay('listTokens');
  const tabs = [
    ...(maySeeUsers ? [{ id: 'users', title: text.tabs.users, content: <UsersPanel /> }] : []),
    ...(maySeeTokens ? [{ id: 'tokens', title: text.tabs.tokens, content: <TokensPanel /> }] : []),
    ...(maySeeUsers ? [{ id: 'audit', title: text.tabs.audit, content: <AuditPanel /> }] : []),
    { id: 'own', title: text.tabs.own, content: <OwnPassword /> },
  ];
  return (
    <>
      <PageHeader title={text.title} lead={text.lead} />
      <Tabs.Root defaultValue={tabs[0]?.id} className="flex min-h-0 flex-1 flex-col">
        <Tabs.List aria-label={text.tabs.label} className="mb-4 flex gap-1 overflow-x-auto border-b">
          {tabs.map(({ id, title }) => (
            <Tabs.Tab
              key={id}
              value={id}
              className="-mb-px h-9 border-b-2 border-transparent px-3 font-medium whitespace-nowrap text-dim hover:text-text narrow:h-11 data-active:border-accent data-active:text-text"
            >
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {tabs.map(({ id, content }) => (
          <Tabs.Panel key={id} value={id} className="flex min-h-96 flex-1 flex-col data-hidden:hidden">
            {content}
          </Tabs.Panel>
        ))}
      </Tabs.Root>
    </>
  );
}
