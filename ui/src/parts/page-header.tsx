import { type ReactNode, useEffect } from 'react';

interface PageHeaderProps {
  readonly title: string;
  /** One line on what this page is. */
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  /** The page above this one. */
  readonly above?: ReactNode;
}

/** The head of every page; its title is that of the window, too. */
export function PageHeader({ title, lead, actions, above }: PageHeaderProps): ReactNode {
  useEffect(() => {
    document.title = `${title} · Muster`;
  }, [title]);
  return (
    <header className="mb-5 flex flex-wrap items-end gap-x-6 gap-y-3">
      <div className="min-w-0 flex-1 narrow:basis-full">
        {above && <div className="mb-1 text-sm text-dim">{above}</div>}
        <h1 className="truncate text-xl font-semibold tracking-tight">{title}</h1>
        {lead && <div className="mt-0.5 text-dim">{lead}</div>}
      </div>
      {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}
