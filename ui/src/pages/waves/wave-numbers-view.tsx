import type { ReactNode } from 'react';
import type { ItemOf } from '../../data/client.ts';
import { useNow } from '../../data/now.ts';
import { Meter } from '../../parts/meter.tsx';
import { Badge, type Tone } from '../../parts/status.tsx';
import { useFormat, useText } from '../../text/language.tsx';
import { WAVES } from './text.ts';
import { COUNTED, percentOver } from './wave-numbers.ts';

type Wave = ItemOf<'listWaves'>;

const TONES: Readonly<Record<Wave['state'], Tone>> = {
  running: 'busy',
  paused: 'wait',
  done: 'good',
  cancelled: 'idle',
};

export function WaveStateBadge({ state }: { readonly state: Wave['state'] }): ReactNode {
  const { states } = useText(WAVES);
  return <Badge tone={TONES[state]}>{states[state]}</Badge>;
}

/** How far a wave is, what it may take, and when it will be over. */
export function WaveNumbers({ wave }: { readonly wave: Wave }): ReactNode {
  const text = useText(WAVES);
  const format = useFormat();
  const nowMs = useNow();
  const { counts, budget, estimatedEndAt, state, because } = wave;
  return (
    <div className="flex flex-col gap-2">
      <Meter
        percent={percentOver(counts)}
        label={text.barOf(wave.name)}
        tone={counts.failed > 0 ? 'bad' : state === 'done' ? 'good' : 'busy'}
      />
      <div className="flex flex-wrap gap-x-4 gap-y-1 text-sm text-dim">
        {COUNTED.filter((one) => counts[one] > 0 || one === 'installed').map((one) => (
          <span key={one}>
            <span className="font-medium text-text">{format.number(counts[one])}</span> {text.counts[one]}
          </span>
        ))}
        <span className="flex-1 text-right">
          {[
            text.slots(format.number(counts.started), format.number(budget.machines)),
            budget.bytesPerSecond !== undefined && text.rate(format.rate(budget.bytesPerSecond)),
            state === 'running' &&
              estimatedEndAt !== undefined &&
              text.ends(format.duration(Date.parse(estimatedEndAt) - nowMs)),
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </div>
      {because !== undefined && <p className="text-sm text-dim">{because}</p>}
    </div>
  );
}
