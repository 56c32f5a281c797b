import { type ReactNode, useState } from 'react';
import { type ItemOf, urlOf } from '../../data/client.ts';
import { useLogLines } from '../../data/log-lines.ts';
import { buttonClass } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Choice } from '../../parts/field.tsx';
import { Icon } from '../../parts/icon.tsx';
import { LineList } from '../../parts/line-list.tsx';
import { Panel } from '../../parts/panel.tsx';
import { useFormat, useText } from '../../text/language.tsx';
import { MACHINE } from './text.ts';

type Install = ItemOf<'listInstalls'>;

/** The log of an install, as its installer sends it. */
export function LogPanel({ installs }: { readonly installs: readonly Install[] }): ReactNode {
  const { log: text } = useText(MACHINE);
  const [chosen, choose] = useState('');
  const install = installs.find(({ id }) => id === chosen) ?? installs[0];
  if (!install)
    return (
      <EmptyState icon="file" title={text.title} command="muster install log MACHINE -f">
        {text.noInstall}
      </EmptyState>
    );
  return <Log key={install.id} install={install} installs={installs} choose={choose} />;
}

interface LogProps {
  readonly install: Install;
  readonly installs: readonly Install[];
  readonly choose: (id: string) => void;
}

function Log({ install, installs, choose }: LogProps): ReactNode {
  const { log: text } = useText(MACHINE);
  const format = useFormat();
  const [isFollowing, setFollowing] = useState(true);
  const lines = useLogLines(install.id);
  return (
    <Panel
      isFlush
      title={
        <>
          {text.title} <span className="font-normal text-dim">{text.lines(format.number(lines.length))}</span>
        </>
      }
      beside={
        <div className="flex flex-wrap items-center gap-3">
          <label className="flex h-8 items-center gap-2 narrow:h-11">
            <input
              type="checkbox"
              className="size-4 accent-accent"
              checked={isFollowing}
              onChange={({ target }) => setFollowing(target.checked)}
            />
            {text.follow}
          </label>
          <InstallChoice install={install} installs={installs} choose={choose} />
          <a
            className={buttonClass('plain')}
            href={urlOf('readInstallLog', { id: install.id })}
            download={`${install.id}.log`}
          >
            <Icon name="file" />
            {text.download}
          </a>
        </div>
      }
    >
      {lines.length === 0 ? (
        <p className="p-8 text-center text-dim">{text.empty}</p>
      ) : (
        <LineList label={text.title} lines={lines} isFollowing={isFollowing} />
      )}
    </Panel>
  );
}

function InstallChoice({ install, installs, choose }: LogProps): ReactNode {
  const { log: text } = useText(MACHINE);
  const format = useFormat();
  return (
    <Choice
      label={text.which}
      isLabelHidden
      value={install.id}
      onChange={({ target }) => choose(target.value)}
    >
      {installs.map(({ id, requestedAt }) => (
        <option key={id} value={id}>
          {format.dateTime(requestedAt)}
        </option>
      ))}
    </Choice>
  );
}
