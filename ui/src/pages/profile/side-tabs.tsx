import { Tabs } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';
import { useText } from '../../text/language.tsx';
import { PROFILE } from './text.ts';

interface SideTabsProps {
  readonly preview: ReactNode;
  readonly words: ReactNode;
}

/** Beside the template: what comes of it, and what it may use. */
export function SideTabs({ preview, words }: SideTabsProps): ReactNode {
  const text = useText(PROFILE);
  const tabs = [
    { id: 'preview', title: text.preview, content: preview },
    { id: 'words', title: text.words.title, content: words },
  ];
  return (
    <Tabs.Root defaultValue="preview" className="min-w-0">
      <Tabs.List aria-label={text.side} className="mb-2 flex gap-1 overflow-x-auto border-b">
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
  );
}
