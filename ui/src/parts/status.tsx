import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';

/** What a state means to somebody who looks. Each has a colour and a shape of its own, and a word beside it always. */
export type Tone = 'good' | 'busy' | 'wait' | 'bad' | 'idle';

const TONES: Readonly<
  Record<Tone, { readonly icon: IconName; readonly color: string; readonly soft: string }>
> = {
  good: { icon: 'check', color: 'text-good', soft: 'bg-good-soft' },
  busy: { icon: 'play', color: 'text-accent', soft: 'bg-accent-soft' },
  wait: { icon: 'clock', color: 'text-wait', soft: 'bg-wait-soft' },
  bad: { icon: 'warning', color: 'text-bad', soft: 'bg-bad-soft' },
  idle: { icon: 'ring', color: 'text-dim', soft: 'bg-raised' },
};

interface StatusProps {
  readonly tone: Tone;
  readonly icon?: IconName;
  readonly children: ReactNode;
}

/** A word with its shape, in the middle of other text. */
export function Status({ tone, icon, children }: StatusProps): ReactNode {
  const look = TONES[tone];
  return (
    <span className={`inline-flex items-center gap-1.5 whitespace-nowrap ${look.color}`}>
      <Icon name={icon ?? look.icon} />
      {children}
    </span>
  );
}

/** The same on a ground of its own. */
export function Badge({ tone, icon, children }: StatusProps): ReactNode {
  const look = TONES[tone];
  return (
    <span
      className={`inline-flex h-6 items-center gap-1 rounded-md px-1.5 text-sm font-medium whitespace-nowrap ${look.color} ${look.soft}`}
    >
      <Icon name={icon ?? look.icon} className="size-3.5" />
      {children}
    </span>
  );
}
