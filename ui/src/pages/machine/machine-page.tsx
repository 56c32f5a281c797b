import { Tabs } from '@base-ui/react/tabs';
import { Link, useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { ItemOf } from '../../data/client.ts';
import { useRoute } from '../../data/queries.ts';
import { ErrorState } from '../../parts/error-state.tsx';
import { InstallStateBadge, type InstallState } from '../../parts/install-state.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { useText } from '../../text/language.tsx';
import { PowerSign } from '../machines/power-sign.tsx';
import { AnswerPanel } from './answer-panel.tsx';
import { BootsPanel } from './boots-panel.tsx';
import { FactsPanel } from './facts-panel.tsx';
import { InstallPanel } from './install-panel.tsx';
import { LogPanel } from './log-panel.tsx';
import { MachineActions } from './machine-actions.tsx';
import { MACHINE } from './text.ts';
import { TimelinePanel } from './timeline-panel.tsx';

const TABS = ['timeline', 'log', 'answer', 'facts'] as const;
type Tab = (typeof TABS)[number];
type Machine = ItemOf<'listMachines'>;
type Install = ItemOf<'listInstalls'>;

const MAX_INSTALLS = 20;

/** One machine: what happened to it, what it would boot now and because, and what can be done. */
export function MachinePage(): ReactNode {
  const { machine: name } = useParams({ from: '/machines/$machine' });
  const { data: machine, error, refetch } = useRoute('getMachine', { params: { machine: name } });
  if (error) return <ErrorState problem={error} retry={() => void refetch()} />;
  return machine && <KnownMachine key={machine.id} machine={machine} />;
}

function KnownMachine({ machine }: { readonly machine: Machine }): ReactNode {
  const text = useText(MACHINE);
  const { data } = useRoute('listInstalls', { query: { machine: machine.id, limit: MAX_INSTALLS } });
  const installs = data?.items ?? [];
  const [newest] = installs;
  return (
    <>
      <PageHeader
        title={machine.name}
        above={
          <Link to="/machines" className="hover:text-text hover:underline">
            {text.above}
          </Link>
        }
        lead={<Lead machine={machine} state={newest?.state ?? 'none'} />}
        actions={<MachineActions machine={machine} newest={newest} />}
      />
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_22rem]">
        <MachineTabs machine={machine} installs={installs} />
        <div className="flex flex-col gap-4">
          <BootsPanel machine={machine} />
          <InstallPanel installs={installs} />
        </div>
      </div>
    </>
  );
}

function Lead({
  machine,
  state,
}: {
  readonly machine: Machine;
  readonly state: InstallState | 'none';
}): ReactNode {
  return (
    <span className="flex flex-wrap items-center gap-x-4 gap-y-1">
      <InstallStateBadge state={state} />
      {machine.power && <PowerSign power={machine.power} />}
      <span className="font-mono text-sm">{machine.macs.join('  ')}</span>
    </span>
  );
}

interface MachineTabsProps {
  readonly machine: Machine;
  /** Newest first. */
  readonly installs: readonly Install[];
}

function MachineTabs({ machine, installs }: MachineTabsProps): ReactNode {
  const text = useText(MACHINE);
  const [tab, setTab] = useState<Tab>('timeline');
  return (
    <Tabs.Root value={tab} onValueChange={(value: Tab) => setTab(value)} className="min-w-0">
      <Tabs.List aria-label={text.tabsLabel} className="mb-4 flex gap-1 overflow-x-auto border-b">
        {TABS.map((one) => (
          <Tabs.Tab
            key={one}
            value={one}
            className="-mb-px h-9 border-b-2 border-transparent px-3 font-medium whitespace-nowrap text-dim hover:text-text narrow:h-11 data-active:border-accent data-active:text-text"
          >
            {text.tabs[one]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {TABS.map((one) => (
        <Tabs.Panel key={one} value={one}>
          <TabContent tab={one} machine={machine} installs={installs} />
        </Tabs.Panel>
      ))}
    </Tabs.Root>
  );
}

function TabContent({ tab, machine, installs }: MachineTabsProps & { readonly tab: Tab }): ReactNode {
  switch (tab) {
    case 'timeline':
      return <TimelinePanel machine={machine} newest={installs[0]} />;
    case 'log':
      return <LogPanel installs={installs} />;
    case 'answer':
      return <AnswerPanel machine={machine} />;
    case 'facts':
      return <FactsPanel machine={machine} />;
    default:
      return tab satisfies never;
  }
}
