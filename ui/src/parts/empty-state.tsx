import type { ReactNode } from 'react';
import { useText } from '../text/language.tsx';
import { Command } from './command.tsx';
import { Icon, type IconName } from './icon.tsx';
import { COMMON } from './text.ts';

interface EmptyStateProps {
  readonly icon: IconName;
  readonly title: string;
  /** What this is for, and what makes it come. */
  readonly children: ReactNode;
  /** Buttons. */
  readonly actions?: ReactNode;
  /** What does it on the command line. */
  readonly command?: string;
}

/** Where nothing is yet: what will be here, and how it gets here. */
export function EmptyState({ icon, title, children, actions, command }: EmptyStateProps): ReactNode {
  const text = useText(COMMON);
  return (
    <div className="flex flex-col items-center gap-3 rounded-lg border bg-panel px-6 py-12 text-center">
      <span className="rounded-lg bg-raised p-2.5 text-dim">
        <Icon name={icon} className="size-5" />
      </span>
      <h2 className="text-lg font-semibold">{title}</h2>
      <p className="max-w-prose text-dim">{children}</p>
      {actions && <div className="flex flex-wrap justify-center gap-2">{actions}</div>}
      {command && (
        <div className="flex max-w-full flex-col items-center gap-1.5 pt-1">
          <span className="text-sm text-dim">{text.onCommandLine}</span>
          <Command>{command}</Command>
        </div>
      )}
    </div>
  );
}
