import type { ReactNode } from 'react';
import type { ItemOf } from '../../data/client.ts';
import { useNow } from '../../data/now.ts';
import { useRoute } from '../../data/queries.ts';
import { Command } from '../../parts/command.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Meter } from '../../parts/meter.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Badge, type Tone } from '../../parts/status.tsx';
import { useFormat, useText } from '../../text/language.tsx';
import { NOW } from './text.ts';

type Wave = ItemOf<'listWaves'>;

const TONES: Readonly<Record<Wave['state'], Tone>> = {
  running: 'busy',
  paused: 'wait',
  done: 'good',
  cancelled: 'idle',
};
/** Waves that are over are shown for so long. */
const SHOWN_AFTER_MS = 3_600_000;
const EVERY_MS = 10_000;

/** Waves: how far each is, and how much of its budget is taken. */
export function WavesPanel(): ReactNode {
  const { waves } = useText(NOW);
  const nowMs = useNow();
  const { data, error, refetch } = useRoute('listWaves', {}, { everyMs: EVERY_MS });
  const shown = (data?.items ?? []).filter(
    ({ state, changedAt }) =>
      state === 'running' || state === 'paused' || nowMs - Date.parse(changedAt) < SHOWN_AFTER_MS,
  );
  return (
    <Panel title={waves.title}>
      {error && <ErrorState problem={error} retry={() => void refetch()} />}
      {data && shown.length === 0 && (
        <div className="flex flex-col items-start gap-2 text-dim">
          <p>{waves.empty}</p>
          <Command>muster wave start NAME --selector LABELS --profile PROFILE</Command>
        </div>
      )}
      <ul className="flex flex-col gap-5">
        {shown.map((wave) => (
          <WaveRow key={wave.name} wave={wave} nowMs={nowMs} />
        ))}
      </ul>
    </Panel>
  );
}

function WaveRow({ wave, nowMs }: { readonly wave: Wave; readonly nowMs: number }): ReactNode {
  const { waves } = useText(NOW);
  const format = useFormat();
  const { counts, budget, estimatedEndAt } = wave;
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const over = counts.installed + counts.failed + counts.cancelled;
  return (
    <li>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="font-medium">{wave.name}</span>
        <Badge tone={TONES[wave.state]}>{waves.states[wave.state]}</Badge>
        <span className="flex-1 text-right text-sm text-dim">
          {waves.slots(format.number(counts.started), format.number(budget.machines))}
          {budget.bytesPerSecond !== undefined && `, ${waves.budgetRate(format.rate(budget.bytesPerSecond))}`}
        </span>
      </div>
      <div className="my-2">
        <Meter
          percent={all === 0 ? 0 : (over / all) * 100}
          label={waves.barOf(wave.name)}
          tone={counts.failed > 0 ? 'bad' : wave.state === 'done' ? 'good' : 'busy'}
        />
      </div>
      <div className="flex flex-wrap gap-x-4 text-sm text-dim">
        {(['installed', 'started', 'waiting', 'failed', 'cancelled'] as const)
          .filter((state) => counts[state] > 0 || state === 'installed')
          .map((state) => (
            <span key={state}>
              <span className="font-medium text-text">{format.number(counts[state])}</span>{' '}
              {waves.counts[state]}
            </span>
          ))}
        {estimatedEndAt !== undefined && wave.state === 'running' && (
          <span className="flex-1 text-right">
            {waves.ends(format.duration(Math.max(0, Date.parse(estimatedEndAt) - nowMs)))}
          </span>
        )}
      </div>
      {wave.because !== undefined && <p className="mt-1 text-sm text-dim">{wave.because}</p>}
    </li>
  );
}
