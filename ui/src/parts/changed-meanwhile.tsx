import type { ReactNode } from 'react';
import type { ChangedMeanwhile } from '../data/use-careful-change.ts';
import { changedLines } from '../data/difference.ts';
import { useFormat, useText } from '../text/language.tsx';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';
import { COMMON } from './text.ts';

interface ChangedMeanwhileNoteProps {
  readonly meanwhile: ChangedMeanwhile<unknown>;
  readonly isBusy: boolean;
  readonly takeTheirs: () => void;
  readonly writeMine: () => void;
}

/** Somebody else changed what is being changed here: who, what, and the two ways on. What was typed stays. */
export function ChangedMeanwhileNote({
  meanwhile: { differences, who, at },
  isBusy,
  takeTheirs,
  writeMine,
}: ChangedMeanwhileNoteProps): ReactNode {
  const { meanwhile: text } = useText(COMMON);
  const format = useFormat();
  return (
    <div role="alert" className="flex items-start gap-3 rounded-lg border border-wait bg-wait-soft p-4">
      <Icon name="warning" className="mt-0.5 text-wait" />
      <div className="min-w-0 flex-1">
        <p className="font-semibold">{text.title}</p>
        <p>{who === undefined || at === undefined ? text.somebody : text.who(who, format.dateTime(at))}</p>
        <p>{text.typed}</p>
        <dl className="my-3 flex flex-col gap-2">
          {differences.map(({ path, before = '', after = '' }) => (
            <div key={path}>
              <dt className="font-mono text-sm font-medium">{path}</dt>
              <Lines {...changedLines(before, after)} />
            </div>
          ))}
        </dl>
        <div className="flex flex-wrap gap-2">
          <Button disabled={isBusy} onClick={takeTheirs}>
            {text.takeTheirs}
          </Button>
          <Button look="danger" disabled={isBusy} onClick={writeMine}>
            {text.writeMine}
          </Button>
        </div>
      </div>
    </div>
  );
}

function Lines({ before, after }: ReturnType<typeof changedLines>): ReactNode {
  const { meanwhile: text } = useText(COMMON);
  return (
    <dd className="font-mono text-sm break-words whitespace-pre-wrap">
      {before !== '' && (
        <del className="block text-bad">
          <span className="sr-only">{text.was} </span>
          {before}
        </del>
      )}
      {after !== '' && (
        <ins className="block text-good no-underline">
          <span className="sr-only">{text.isNow} </span>
          {after}
        </ins>
      )}
    </dd>
  );
}
