import type { ReactNode } from 'react';
import { type Answer, urlOf } from '../../data/client.ts';
import { useRoute } from '../../data/queries.ts';
import { useMay } from '../../data/session.tsx';
import { buttonClass } from '../../parts/button.tsx';
import { Command } from '../../parts/command.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Fact, Facts } from '../../parts/facts.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Badge, type Tone } from '../../parts/status.tsx';
import { useFormat, useText } from '../../text/language.tsx';
import { SETTINGS } from './text.ts';

type Status = Answer<'getStatus'>;
const TONES: Readonly<Record<Status['interfaces'][number]['mode'], Tone>> = {
  full: 'good',
  proxy: 'busy',
  off: 'idle',
};

/** Version, interfaces, listeners, and all that is set up as a file. */
export function ServerPanel(): ReactNode {
  const { server: text } = useText(SETTINGS);
  const format = useFormat();
  const mayExport = useMay('exportSite');
  const { data: status, error, refetch } = useRoute('getStatus', {});
  if (error) return <ErrorState problem={error} retry={() => void refetch()} />;
  if (!status) return null;
  return (
    <div className="grid items-start gap-4 xl:grid-cols-[22rem_minmax(0,1fr)]">
      <div className="flex flex-col gap-4">
        <Panel title={text.title}>
          <Facts>
            <Fact name={text.version}>{status.version}</Fact>
            <Fact name={text.since}>{format.dateTime(status.startedAt)}</Fact>
            <Fact name={text.folder}>
              <code className="font-mono text-sm break-all">{status.dataFolder}</code>
            </Fact>
          </Facts>
        </Panel>
        {mayExport && (
          <Panel title={text.site}>
            <div className="flex flex-col items-start gap-3">
              <p className="text-dim">{text.siteText}</p>
              <a className={buttonClass()} href={urlOf('exportSite')} download="site.json">
                <Icon name="file" />
                {text.download}
              </a>
              <Command>{'muster export > site.yaml'}</Command>
            </div>
          </Panel>
        )}
      </div>
      <div className="flex min-w-0 flex-col gap-4">
        <Interfaces interfaces={status.interfaces} />
        <Listeners listeners={status.listeners} />
      </div>
    </div>
  );
}

function Interfaces({ interfaces }: Pick<Status, 'interfaces'>): ReactNode {
  const { server: text } = useText(SETTINGS);
  return (
    <Panel title={text.interfaces}>
      <ul className="flex flex-col gap-3">
        {interfaces.map(({ name, mode, addresses, because }) => (
          <li key={name} className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <span className="font-medium">{name}</span>
            <Badge tone={TONES[mode]}>{text.modes[mode]}</Badge>
            <span className="font-mono text-sm">{addresses.join('  ')}</span>
            <span className="w-full text-sm text-dim">{because}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Listeners({ listeners }: Pick<Status, 'listeners'>): ReactNode {
  const { server: text } = useText(SETTINGS);
  const { protocol: first, address: second, port: third } = text.columns;
  return (
    <Panel title={text.listeners}>
      <table className="w-full text-left">
        <thead className="border-b text-sm text-dim">
          <tr>
            {[first, second, third].map((title) => (
              <th key={title} scope="col" className="py-1.5 pr-3 font-medium">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {listeners.map(({ protocol, address, port }) => (
            <tr key={`${protocol} ${address} ${port}`} className="border-b last:border-0">
              <td className="py-1.5 pr-3">{protocol}</td>
              <td className="py-1.5 pr-3 font-mono text-sm break-all">{address}</td>
              <td className="py-1.5 font-mono text-sm">{port}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
