import type { ReactNode } from 'react';

interface LossTickProps {
  /** What somebody knows when they tick it. */
  readonly children: string;
  readonly isTicked: boolean;
  readonly tick: (isTicked: boolean) => void;
}

/** Ticked by somebody who knows that data or work will be lost. */
export function LossTick({ children, isTicked, tick }: LossTickProps): ReactNode {
  return (
    <label className="flex min-h-11 items-center gap-3 rounded-md border border-bad bg-bad-soft px-3 py-2">
      <input
        type="checkbox"
        className="size-4 shrink-0 accent-bad"
        checked={isTicked}
        onChange={({ target }) => tick(target.checked)}
      />
      <span>{children}</span>
    </label>
  );
}
