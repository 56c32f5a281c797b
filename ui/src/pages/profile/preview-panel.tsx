import { type ReactNode, useMemo } from 'react';
import { useRoute } from '../../data/queries.ts';
import { ErrorState } from '../../parts/error-state.tsx';
import { Choice } from '../../parts/field.tsx';
import { LineList } from '../../parts/line-list.tsx';
import { Panel } from '../../parts/panel.tsx';
import { useText } from '../../text/language.tsx';
import { PROFILE } from './text.ts';
import type { Look } from './use-look.ts';

interface PreviewPanelProps {
  readonly look: Look;
  readonly machine: string;
  readonly choose: (machine: string) => void;
}

/** What the installer of a machine would get. */
export function PreviewPanel({ look, machine, choose }: PreviewPanelProps): ReactNode {
  const text = useText(PROFILE);
  const { data: machines } = useRoute('listMachines', {});
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
      {machine !== '' && <Preview look={look} machine={machine} />}
    </Panel>
  );
}

function Preview({ look, machine }: Pick<PreviewPanelProps, 'look' | 'machine'>): ReactNode {
  const text = useText(PROFILE);
  const { text: rendered, findings, error } = look;
  const lines = useMemo(() => rendered?.split('\n') ?? [], [rendered]);
  const marks = useMemo(
    () =>
      new Map(
        findings
          .filter(({ file }) => file === 'answer')
          .toSorted((one, other) => other.level.localeCompare(one.level))
          .map(({ line, level }) => [line, level] as const),
      ),
    [findings],
  );
  if (error)
    return (
      <div className="p-4">
        <ErrorState problem={error} />
      </div>
    );
  if (rendered === undefined) return <p className="p-8 text-center text-dim">{text.noText}</p>;
  return <LineList label={text.of(machine)} lines={lines} marks={marks} />;
}
