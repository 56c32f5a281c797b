import type { ReactNode } from 'react';
import type { Tone } from './status.tsx';

const FILLS: Readonly<Record<Tone, string>> = {
  good: 'bg-good',
  busy: 'bg-accent',
  wait: 'bg-wait',
  bad: 'bg-bad',
  idle: 'bg-line-strong',
};

interface MeterProps {
  /** 0 to 100. */
  readonly percent: number;
  readonly label: string;
  readonly tone?: Tone;
}

/** How much of something; the number itself stands beside it. */
export function Meter({ percent, label, tone = 'busy' }: MeterProps): ReactNode {
  const value = Math.min(100, Math.max(0, percent));
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuenow={Math.round(value)}
      aria-valuemin={0}
      aria-valuemax={100}
      className="h-1.5 w-full overflow-hidden rounded-full bg-raised"
    >
      {/* Scaled and not widened: a transform costs no layout, however many there are. */}
      <div
        className={`h-full origin-left rounded-full transition-transform duration-300 ${FILLS[tone]}`}
        style={{ transform: `scaleX(${value / 100})` }}
      />
    </div>
  );
}
