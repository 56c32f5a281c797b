import type { ErrorComponentProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Button } from '../parts/button.tsx';
import { useText } from '../text/language.tsx';
import { SHELL } from './text.ts';

/** What is shown in place of a page that threw. */
export function PageBroken({ error }: ErrorComponentProps): ReactNode {
  const { broken } = useText(SHELL);
  return (
    <div role="alert" className="flex flex-col items-start gap-3 rounded-lg border border-bad bg-panel p-6">
      <h1 className="text-xl font-semibold">{broken.title}</h1>
      <p className="text-dim">{broken.detail}</p>
      <code className="font-mono text-sm break-words">
        {error instanceof Error ? error.message : String(error)}
      </code>
      <Button look="main" icon="refresh" onClick={() => window.location.reload()}>
        {broken.again}
      </Button>
    </div>
  );
}
