import type { ReactNode } from 'react';
import type { ItemOf } from '../../data/client.ts';
import { useNow } from '../../data/now.ts';
import { Fact, Facts } from '../../parts/facts.tsx';
import { InstallStateBadge, isOver } from '../../parts/install-state.tsx';
import { Meter } from '../../parts/meter.tsx';
import { Panel } from '../../parts/panel.tsx';
import { useFormat, useText } from '../../text/language.tsx';
import { MACHINE } from './text.ts';

type Install = ItemOf<'listInstalls'>;

/** The newest install, and how many were before it. */
export function InstallPanel({ installs }: { readonly installs: readonly Install[] }): ReactNode {
  const { install: text } = useText(MACHINE);
  const format = useFormat();
  const [newest, ...others] = installs;
  return (
    <Panel
      title={text.title}
      beside={
        others.length > 0 && (
          <span className="text-sm text-dim">{text.others(format.number(others.length))}</span>
        )
      }
    >
      {newest ? <NewestInstall install={newest} /> : <p className="text-dim">{text.none}</p>}
    </Panel>
  );
}

function NewestInstall({ install }: { readonly install: Install }): ReactNode {
  const { install: text } = useText(MACHINE);
  const format = useFormat();
  const nowMs = useNow();
  const { state, percent, step, profile, attempt, attempts, because, changedAt } = install;
  return (
    <div className="flex flex-col gap-3">
      <div className="flex items-center justify-between gap-2">
        <InstallStateBadge state={state} />
        {percent !== undefined && <span className="font-medium">{format.percent(percent)}</span>}
      </div>
      {percent !== undefined && (
        <Meter
          percent={percent}
          label={text.progress}
          tone={isOver(state) ? (state === 'installed' ? 'good' : 'bad') : 'busy'}
        />
      )}
      {step !== undefined && !isOver(state) && <p className="break-words">{step}</p>}
      {because !== undefined && <p className="break-words text-dim">{because}</p>}
      <Facts>
        <Fact name={text.profile}>{profile}</Fact>
        {attempts > 1 && (
          <Fact name={text.tries}>{text.attempt(format.number(attempt), format.number(attempts))}</Fact>
        )}
        <Fact name={text.changed}>
          <span title={format.dateTime(changedAt)}>{format.ago(changedAt, nowMs)}</span>
        </Fact>
      </Facts>
    </div>
  );
}
