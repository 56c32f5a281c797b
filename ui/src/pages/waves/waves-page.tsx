import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { ItemOf } from '../../data/client.ts';
import { useMay } from '../../data/session.tsx';
import { Button } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { useText } from '../../text/language.tsx';
import { StartWave } from './start-wave.tsx';
import { WAVES } from './text.ts';
import { useWaves } from './use-waves.ts';
import { WaveNumbers, WaveStateBadge } from './wave-numbers-view.tsx';

/** All waves, newest first. */
export function WavesPage(): ReactNode {
  const text = useText(WAVES);
  const mayStart = useMay('addWave');
  const [isStarting, setStarting] = useState(false);
  const { waves, error, older, retry } = useWaves();
  const start = mayStart && (
    <Button look="main" icon="add" onClick={() => setStarting(true)}>
      {text.start}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={text.title}
        lead={text.lead}
        actions={waves !== undefined && waves.length > 0 && start}
      />
      {error && <ErrorState problem={error} retry={retry} />}
      {waves?.length === 0 && (
        <EmptyState
          icon="wave"
          title={text.empty.title}
          actions={start}
          command="muster wave start line-3 --selector hall=2 --profile office --at-once 8"
        >
          {text.empty.text}
        </EmptyState>
      )}
      <ul className="flex flex-col gap-3">
        {waves?.map((wave) => (
          <WaveCard key={wave.name} wave={wave} />
        ))}
      </ul>
      {older && <Button onClick={older}>{text.older}</Button>}
      {isStarting && <StartWave close={() => setStarting(false)} />}
    </>
  );
}

function WaveCard({ wave }: { readonly wave: ItemOf<'listWaves'> }): ReactNode {
  return (
    <li className="rounded-lg border bg-panel p-4">
      <div className="mb-2 flex flex-wrap items-center gap-3">
        <Link
          to="/waves/$wave"
          params={{ wave: wave.name }}
          className="inline-flex items-center font-semibold hover:text-accent hover:underline narrow:min-h-11"
        >
          {wave.name}
        </Link>
        <WaveStateBadge state={wave.state} />
        <span className="text-dim">{wave.profile}</span>
      </div>
      <WaveNumbers wave={wave} />
    </li>
  );
}
