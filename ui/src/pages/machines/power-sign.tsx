import type { ReactNode } from 'react';
import type { ItemOf } from '../../data/client.ts';
import { Status, type Tone } from '../../parts/status.tsx';
import { useText } from '../../text/language.tsx';
import { MACHINES } from './text.ts';

type Power = ItemOf<'listMachines'>['power'];

const TONES: Readonly<Record<string, Tone>> = { on: 'good', off: 'idle', changing: 'wait', unknown: 'idle' };

/** Whether a machine is on, as it was read last. */
export function PowerSign({ power }: { readonly power: Power }): ReactNode {
  const text = useText(MACHINES);
  if (power === undefined) return <span className="text-dim">–</span>;
  if (power.trouble)
    return (
      <span title={power.trouble.because}>
        <Status tone="bad">{text.power.trouble}</Status>
      </span>
    );
  const state = power.state ?? 'unknown';
  return (
    <Status tone={TONES[state] ?? 'idle'} icon="power">
      {text.power[state]}
    </Status>
  );
}
