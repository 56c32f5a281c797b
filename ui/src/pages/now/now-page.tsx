import { type ReactNode, useEffect } from 'react';
import { PageHeader } from '../../parts/page-header.tsx';
import { useText } from '../../text/language.tsx';
import { bootBoard } from './boot-board.ts';
import { BootList } from './boot-list.tsx';
import { NowStats } from './now-stats.tsx';
import { NOW } from './text.ts';
import { ThroughputPanel } from './throughput-panel.tsx';
import { WarningsPanel } from './warnings-panel.tsx';
import { WavesPanel } from './waves-panel.tsx';

/** What happens at this moment: who boots, who is stuck, and why. */
export function NowPage(): ReactNode {
  const text = useText(NOW);
  useEffect(() => void bootBoard.start(), []);
  return (
    <>
      <PageHeader title={text.title} lead={text.lead} />
      <div className="flex flex-col gap-4">
        <NowStats />
        <WarningsPanel />
        <BootList />
        <div className="grid gap-4 lg:grid-cols-2">
          <WavesPanel />
          <ThroughputPanel />
        </div>
      </div>
    </>
  );
}
