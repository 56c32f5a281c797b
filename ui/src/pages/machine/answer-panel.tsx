import { type ReactNode, useMemo, useState } from 'react';
import type { Answer, ItemOf } from '../../data/client.ts';
import { useRoute } from '../../data/queries.ts';
import { ErrorState } from '../../parts/error-state.tsx';
import { Choice } from '../../parts/field.tsx';
import { LineList } from '../../parts/line-list.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Status } from '../../parts/status.tsx';
import { useFormat, useText } from '../../text/language.tsx';
import { MACHINE } from './text.ts';

type Rendered = Answer<'renderMachine'>;

/** The answer file as the installer of this machine would get it, with what is wrong with it. */
export function AnswerPanel({ machine }: { readonly machine: ItemOf<'listMachines'> }): ReactNode {
  const { answer: text } = useText(MACHINE);
  const [profile, setProfile] = useState('');
  const { data: profiles } = useRoute('listProfiles', {});
  const { data, error, refetch } = useRoute('renderMachine', {
    params: { machine: machine.id },
    query: profile === '' ? {} : { profile },
  });
  return (
    <Panel
      isFlush
      title={
        <>
          {text.title} {data && <span className="font-normal text-dim">{data.kind}</span>}
        </>
      }
      beside={
        <Choice
          label={text.profile}
          isLabelHidden
          value={profile}
          onChange={({ target }) => setProfile(target.value)}
        >
          <option value="">{text.newest}</option>
          {profiles?.items.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </Choice>
      }
    >
      {error && (
        <div className="p-4">
          <ErrorState problem={error} retry={() => void refetch()} />
        </div>
      )}
      {data && <RenderedText key={data.profile} rendered={data} />}
    </Panel>
  );
}

function RenderedText({ rendered }: { readonly rendered: Rendered }): ReactNode {
  const { answer: text } = useText(MACHINE);
  const { findings } = rendered;
  const [shownLine, showLine] = useState<number>();
  const lines = useMemo(() => rendered.text.split('\n'), [rendered.text]);
  const marks = useMemo(() => marksOf(findings), [findings]);
  return (
    <>
      <div className="border-b px-4 py-2.5">
        {findings.length === 0 ? (
          <Status tone="good">{text.clean}</Status>
        ) : (
          <Findings findings={findings} show={showLine} />
        )}
      </div>
      <LineList label={text.title} lines={lines} marks={marks} shownLine={shownLine} />
    </>
  );
}

interface FindingsProps {
  readonly findings: Rendered['findings'];
  readonly show: (line: number) => void;
}

function Findings({ findings, show }: FindingsProps): ReactNode {
  const { answer: text } = useText(MACHINE);
  const format = useFormat();
  return (
    <ul aria-label={text.findings(format.number(findings.length))} className="flex flex-col gap-1">
      {findings.map(({ level, line, text: sentence }) => (
        <li key={`${line} ${sentence}`} className="flex flex-wrap items-baseline gap-x-3">
          <Status tone={level === 'error' ? 'bad' : 'wait'}>{text.levels[level]}</Status>
          <button
            type="button"
            onClick={() => show(line)}
            className="text-accent hover:underline narrow:min-h-11"
          >
            {text.line(format.number(line))}
          </button>
          <span className="min-w-0 flex-1 break-words narrow:basis-full">{sentence}</span>
        </li>
      ))}
    </ul>
  );
}

/** An error counts more than a warning of the same line. */
function marksOf(findings: Rendered['findings']): ReadonlyMap<number, 'error' | 'warning'> {
  const inOrder = findings.toSorted((one, other) => other.level.localeCompare(one.level));
  return new Map(inOrder.map(({ line, level }) => [line, level]));
}
