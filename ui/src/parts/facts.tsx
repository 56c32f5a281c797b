import type { ReactNode } from 'react';

/** Names and values under each other: `Fact`s. */
export function Facts({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <dl className="grid gap-x-4 gap-y-3 [grid-template-columns:minmax(6rem,auto)_minmax(0,1fr)]">
      {children}
    </dl>
  );
}

interface FactProps {
  readonly name: string;
  readonly children: ReactNode;
}

/** What something is called, and what it is; left away where that is not known. */
export function Fact({ name, children }: FactProps): ReactNode {
  if (children === undefined || children === '' || children === false) return null;
  return (
    <div className="contents">
      <dt className="text-dim">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  );
}
