import { Tabs } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';
import { PageHeader } from '../../parts/page-header.tsx';
import { useText } from '../../text/language.tsx';
import { HooksPanel } from './hooks-panel.tsx';
import { MirrorsPanel } from './mirrors-panel.tsx';
import { PolicyPanel } from './policy-panel.tsx';
import { ServerPanel } from './server-panel.tsx';
import { SETTINGS } from './text.ts';

/** How the server is, and what holds for every machine. */
export function SettingsPage(): ReactNode {
  const text = useText(SETTINGS);
  const tabs = [
    { id: 'server', title: text.tabs.server, content: <ServerPanel /> },
    { id: 'policy', title: text.tabs.policy, content: <PolicyPanel /> },
    { id: 'hooks', title: text.tabs.hooks, content: <HooksPanel /> },
    { id: 'mirrors', title: text.tabs.mirrors, content: <MirrorsPanel /> },
  ];
  return (
    <>
      <PageHeader title={text.title} lead={text.lead} />
      <Tabs.Root defaultValue="server">
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
          <Tabs.Panel key={id} value={id}>
            {content}
          </Tabs.Panel>
        ))}
      </Tabs.Root>
    </>
  );
}
