import { type ReactNode, useId } from 'react';

interface PanelProps {
  readonly title: ReactNode;
  /** Beside the title: a number, a button. */
  readonly beside?: ReactNode;
  readonly children: ReactNode;
  /** Without space around what is in it, as tables want it. */
  readonly isFlush?: boolean;
}

/** A part of a page with its own heading, which is a region for screen readers. */
export function Panel({ title, beside, children, isFlush = false }: PanelProps): ReactNode {
  const id = useId();
  return (
    <section aria-labelledby={id} className="min-w-0 rounded-lg border bg-panel">
      <div className="flex min-h-11 flex-wrap items-center gap-x-3 border-b px-4 py-1.5">
        <h2 id={id} className="min-w-0 flex-auto font-semibold">
          {title}
        </h2>
        {beside}
      </div>
      <div className={isFlush ? '' : 'p-4'}>{children}</div>
    </section>
  );
}
