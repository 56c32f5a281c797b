import type { ReactNode } from 'react';
import type { AskProblem } from '../data/client.ts';
import { useText } from '../text/language.tsx';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';
import { COMMON } from './text.ts';

interface ErrorStateProps {
  readonly problem: AskProblem;
  readonly retry?: () => void;
}

/** A "no" of the server, in its own words: they say what is the matter, and what to do. */
export function ErrorState({ problem, retry }: ErrorStateProps): ReactNode {
  const text = useText(COMMON);
  const { title, detail } = useProblemWords(problem);
  return (
    <div role="alert" className="flex items-start gap-3 rounded-lg border border-bad bg-bad-soft p-4">
      <Icon name="warning" className="mt-0.5 text-bad" />
      <div className="min-w-0 flex-1">
        {title && <p className="font-semibold">{title}</p>}
        <p className="break-words">{detail}</p>
        {problem.issues.length > 1 && (
          <ul className="mt-1 list-disc pl-5">
            {problem.issues.map(({ path, message }) => (
              <li key={`${path} ${message}`}>
                {path && <code className="font-mono text-sm">{path}</code>} {message}
              </li>
            ))}
          </ul>
        )}
      </div>
      {retry && <Button onClick={retry}>{text.retry}</Button>}
    </div>
  );
}

/** What a problem says, in one place for pages, dialogs and toasts. */
export function useProblemWords({ type, message }: AskProblem): {
  readonly title?: string;
  readonly detail: string;
} {
  const text = useText(COMMON);
  if (type === 'unreachable') return text.unreachable;
  return { detail: message === '' ? text.unknownProblem : message };
}
