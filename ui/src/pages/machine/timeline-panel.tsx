import { type ReactNode, useMemo, useState } from 'react';
import type { Answer, ItemOf } from '../../data/client.ts';
import { useRoute } from '../../data/queries.ts';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Choice } from '../../parts/field.tsx';
import { Panel } from '../../parts/panel.tsx';
import { useFormat, useText } from '../../text/language.tsx';
import { useMachineEvents } from './machine-events.ts';
import { MACHINE } from './text.ts';
import { type Boot, bootsOf, spansOf } from './waterfall.ts';
import { Waterfall } from './waterfall-view.tsx';

interface TimelinePanelProps {
  readonly machine: ItemOf<'listMachines'>;
  readonly newest: ItemOf<'listInstalls'> | undefined;
}

const NO_STEPS: Answer<'getInstallProgress'>['steps'] = [];

/** Each boot of a machine as a waterfall: what was asked and sent, how long it took, and why. */
export function TimelinePanel({ machine, newest }: TimelinePanelProps): ReactNode {
  const { timeline: text } = useText(MACHINE);
  const events = useMachineEvents(machine);
  const boots = useMemo(() => bootsOf(events), [events]);
  const [chosen, choose] = useState('');
  const boot = boots.find(({ key }) => key === chosen) ?? boots[0];
  const { data: progress } = useRoute(
    'getInstallProgress',
    { params: { id: newest?.id ?? '' } },
    { enabled: newest !== undefined },
  );
  const steps = progress?.steps ?? NO_STEPS;
  const spans = useMemo(() => (boot ? spansOf(boot, steps) : []), [boot, steps]);
  if (!boot)
    return (
      <EmptyState icon="clock" title={text.empty.title} command={`muster events -f ${machine.name}`}>
        {text.empty.text}
      </EmptyState>
    );
  return (
    <Panel isFlush title={text.title} beside={<BootChoice boots={boots} boot={boot} choose={choose} />}>
      <Waterfall boot={boot} spans={spans} />
    </Panel>
  );
}

interface BootChoiceProps {
  readonly boots: readonly Boot[];
  readonly boot: Boot;
  readonly choose: (key: string) => void;
}

function BootChoice({ boots, boot, choose }: BootChoiceProps): ReactNode {
  const { timeline: text } = useText(MACHINE);
  const format = useFormat();
  return (
    <Choice
      label={text.boot}
      isLabelHidden
      value={boot.key}
      onChange={({ target }) => choose(target.value === boots[0]?.key ? '' : target.value)}
    >
      {boots.map(({ key, beganAtMs }) => (
        <option key={key} value={key}>
          {text.bootAt(format.dateTime(beganAtMs))}
        </option>
      ))}
    </Choice>
  );
}
