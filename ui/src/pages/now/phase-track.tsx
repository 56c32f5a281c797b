import type { ReactNode } from 'react';
import { useFormat, useText } from '../../text/language.tsx';
import { type Going, type Phase, PHASES } from './phases.ts';
import { NOW } from './text.ts';

interface PhaseTrackProps {
  readonly phase: Phase;
  readonly going: Going;
  /** The installer's word for what it does, within the phase. */
  readonly step: string | undefined;
}

const CURRENT: Readonly<Record<Going, string>> = {
  moving: 'bg-accent motion-safe:animate-pulse',
  waiting: 'bg-wait',
  failed: 'bg-bad',
  done: 'bg-good',
};

/** The way of a boot as a row of pieces: behind it, where it is, and what is before it. */
export function PhaseTrack({ phase, going, step }: PhaseTrackProps): ReactNode {
  const text = useText(NOW);
  const format = useFormat();
  const at = PHASES.indexOf(phase);
  const label = text.phaseOf(format.number(at + 1), format.number(PHASES.length), text.phases[phase]);
  return (
    <div>
      <div role="img" aria-label={label} className="flex gap-0.5">
        {PHASES.map((one, index) => (
          <span
            key={one}
            className={`h-2 flex-1 first:rounded-l-full last:rounded-r-full ${pieceColor(index, at, going)}`}
          />
        ))}
      </div>
      <div className="mt-1 truncate text-xs text-dim" aria-hidden="true">
        <span className="font-medium text-text">{text.phases[phase]}</span>
        {step !== undefined && phase === 'steps' && ` · ${step}`}
      </div>
    </div>
  );
}

function pieceColor(index: number, at: number, going: Going): string {
  if (index === at) return CURRENT[going];
  if (index > at) return 'bg-raised';
  return going === 'done' ? 'bg-good' : 'bg-accent/40';
}
