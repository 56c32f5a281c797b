import type { ReactNode } from 'react';

interface FactsProps {
  /** What it is called, and what it is; those that are not known are left away. */
  readonly facts: readonly (readonly [name: string, value: ReactNode])[];
}

/** Names and values under each other. */
export function Facts({ facts }: FactsProps): ReactNode {
  return (
    <dl className="grid gap-x-4 gap-y-3 [grid-template-columns:minmax(6rem,auto)_minmax(0,1fr)]">
      {facts
        .filter(([, value]) => value !== undefined && value !== '' && value !== false)
        .map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-dim">{name}</dt>
            <dd className="min-w-0 break-words">{value}</dd>
          </div>
        ))}
    </dl>
  );
}
