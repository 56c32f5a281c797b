import type { ReactNode } from 'react';
import { useFormat, useText } from '../text/language.tsx';
import { Status } from './status.tsx';
import { COMMON } from './text.ts';

interface PlacedFinding {
  readonly level: 'error' | 'warning';
  /** In what, where that is to be said. */
  readonly file?: string;
  readonly line: number;
  readonly column?: number;
  readonly text: string;
}

/** What is wrong with a template or with what comes of it, or that nothing is. */
export function FindingList({ findings }: { readonly findings: readonly PlacedFinding[] }): ReactNode {
  const { findings: text } = useText(COMMON);
  const format = useFormat();
  if (findings.length === 0) return <Status tone="good">{text.none}</Status>;
  return (
    <div role="region" aria-label={text.label} tabIndex={0} className="max-h-28 overflow-y-auto">
      <ul className="flex flex-col gap-1">
        {findings.map(({ level, file = '', line, column = 0, text: sentence }) => (
          <li key={`${file} ${line} ${column} ${sentence}`} className="flex flex-wrap items-baseline gap-x-3">
            <Status tone={level === 'error' ? 'bad' : 'wait'}>{text.levels[level]}</Status>
            <span className="text-dim">
              {[
                file,
                column === 0
                  ? text.line(format.number(line))
                  : text.place(format.number(line), format.number(column)),
              ]
                .filter(Boolean)
                .join(', ')}
            </span>
            <span className="min-w-0 flex-1 break-words">{sentence}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
