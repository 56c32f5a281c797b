import { type ReactNode, useMemo, useState } from 'react';
import { useRoute } from '../../data/queries.ts';
import { ErrorState } from '../../parts/error-state.tsx';
import { Choice } from '../../parts/field.tsx';
import { LineList } from '../../parts/line-list.tsx';
import { Panel } from '../../parts/panel.tsx';
import { useText } from '../../text/language.tsx';
import { PROFILE } from './text.ts';

/** What the installer of a machine would get by this profile. */
export function PreviewPanel({ profile }: { readonly profile: string }): ReactNode {
  const text = useText(PROFILE);
  const [chosen, choose] = useState('');
  const { data: machines } = useRoute('listMachines', {});
  const machine = chosen === '' ? (machines?.items[0]?.name ?? '') : chosen;
  return (
    <Panel
      isFlush
      title={text.preview}
      beside={
        machine !== '' && (
          <Choice
            label={text.machine}
            isLabelHidden
            value={machine}
            onChange={({ target }) => choose(target.value)}
          >
            {machines?.items.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </Choice>
        )
      }
    >
      {machines && machine === '' && <p className="p-8 text-center text-dim">{text.noMachine}</p>}
      {machine !== '' && <Preview profile={profile} machine={machine} />}
    </Panel>
  );
}

function Preview({ profile, machine }: { readonly profile: string; readonly machine: string }): ReactNode {
  const { data, error } = useRoute('renderMachine', { params: { machine }, query: { profile } });
  const lines = useMemo(() => data?.text.split('\n') ?? [], [data]);
  const marks = useMemo(
    () => new Map(data?.findings.map(({ line, level }) => [line, level] as const)),
    [data],
  );
  if (error)
    return (
      <div className="p-4">
        <ErrorState problem={error} />
      </div>
    );
  return <LineList label={data?.file ?? machine} lines={lines} marks={marks} />;
}
