import { type ReactNode, useEffect, useState } from 'react';
import type { WireEvent } from '../../../../src/contract/events.ts';
import { ask } from '../../data/client.ts';
import { liveEvents } from '../../data/live-events.ts';
import { useNow } from '../../data/now.ts';
import { useRoute } from '../../data/queries.ts';
import { Command } from '../../parts/command.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Panel } from '../../parts/panel.tsx';
import { useFormat, useText } from '../../text/language.tsx';
import { NOW } from './text.ts';
import { foreignServersAfter, type Warning, warningsOf } from './warnings.ts';

const EVERY_MS = 15_000;
const LOOK_BACK = 50;

/** What is wrong with the server or its network, and what to do; nothing at all while all is well. */
export function WarningsPanel(): ReactNode {
  const { warnings } = useText(NOW);
  const nowMs = useNow();
  const foreignServers = useForeignServers();
  const { data: status } = useRoute('getStatus', {}, { everyMs: EVERY_MS });
  const { data: loaders } = useRoute('listLoaders', {}, { everyMs: EVERY_MS * 4 });
  const found = warningsOf({ status, loaders: loaders?.items ?? [], foreignServers, nowMs });
  if (found.length === 0) return null;
  return (
    <Panel title={warnings.title} isFlush>
      <ul aria-live="polite">
        {found.map((warning) => (
          <WarningRow key={warning.key} warning={warning} />
        ))}
      </ul>
    </Panel>
  );
}

function WarningRow({ warning }: { readonly warning: Warning }): ReactNode {
  const [sentence, advice] = useWords(warning);
  return (
    <li className="flex items-start gap-3 border-b px-4 py-3 last:border-b-0">
      <Icon name="warning" className="mt-0.5 text-wait" />
      <div className="min-w-0">
        <p className="font-medium break-words">{sentence}</p>
        {advice !== undefined && <Advice>{advice}</Advice>}
      </div>
    </li>
  );
}

const COMMAND = /^muster [a-z]/;

/** What to do: a command to copy, or a sentence. */
function Advice({ children }: { readonly children: string }): ReactNode {
  if (!COMMAND.test(children)) return <p className="text-sm break-words text-dim">{children}</p>;
  return (
    <div className="mt-1.5">
      <Command>{children}</Command>
    </div>
  );
}

function useWords(warning: Warning): readonly [sentence: string, advice?: string | undefined] {
  const { warnings } = useText(NOW);
  const format = useFormat();
  switch (warning.kind) {
    case 'foreign server':
      return [warnings.foreignServer(warning.address), warnings.foreignServerAdvice];
    case 'pool':
      return [
        warnings.pool(warning.subnet, format.number(warning.used), format.number(warning.size)),
        warnings.poolAdvice,
      ];
    case 'loaders':
      return [warnings.loaders(format.list(warning.names)), warning.advice];
    case 'server':
      return [warning.sentence];
    default:
      return warning satisfies never;
  }
}

function useForeignServers(): ReadonlyMap<string, number> {
  const [servers, setServers] = useState<ReadonlyMap<string, number>>(new Map());
  useEffect(() => {
    const take = (events: readonly WireEvent[]): void =>
      setServers((before) => foreignServersAfter(before, events));
    const lookBack = (): void =>
      void ask('listEvents', { query: { kind: 'dhcp.foreignServer', limit: LOOK_BACK } }).then(
        ({ items }) => take(items),
        () => undefined,
      );
    lookBack();
    const stop = liveEvents.listen(take);
    const stopMissed = liveEvents.onMissed(lookBack);
    return () => {
      stop();
      stopMissed();
    };
  }, []);
  return servers;
}
