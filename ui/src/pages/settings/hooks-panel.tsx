import { type ReactNode, useState } from 'react';
import type { ItemOf } from '../../data/client.ts';
import { useRoute } from '../../data/queries.ts';
import { useMay } from '../../data/session.tsx';
import { Button } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Badge } from '../../parts/status.tsx';
import { useText } from '../../text/language.tsx';
import { HookActions } from './hook-actions.tsx';
import { HookDialog } from './hook-dialog.tsx';
import { SETTINGS } from './text.ts';

type Hook = ItemOf<'listHooks'>;

/** Who is told of events. */
export function HooksPanel(): ReactNode {
  const { hooks: text } = useText(SETTINGS);
  const mayAdd = useMay('addHook');
  const [isAdding, setAdding] = useState(false);
  const { data, error, refetch } = useRoute('listHooks', {});
  if (error) return <ErrorState problem={error} retry={() => void refetch()} />;
  if (!data) return null;
  const add = mayAdd && (
    <Button look="main" icon="add" onClick={() => setAdding(true)}>
      {text.add}
    </Button>
  );
  return (
    <>
      {data.items.length === 0 ? (
        <EmptyState
          icon="link"
          title={text.empty.title}
          actions={add}
          command="muster hook add chat --events 'install.*' --url https://chat.example/muster"
        >
          {text.empty.text}
        </EmptyState>
      ) : (
        <Panel title={text.title} beside={add} isFlush>
          <ul>
            {data.items.map((hook) => (
              <HookRow key={hook.name} hook={hook} />
            ))}
          </ul>
        </Panel>
      )}
      {isAdding && <HookDialog close={() => setAdding(false)} />}
    </>
  );
}

function HookRow({ hook }: { readonly hook: Hook }): ReactNode {
  const { hooks: text } = useText(SETTINGS);
  const { name, events, machines, url, argv, mode } = hook;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b p-4 last:border-0">
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-center gap-3">
          <span className="font-medium">{name}</span>
          <Badge tone={mode === 'on' ? 'good' : 'idle'}>{text.states[mode]}</Badge>
          <span className="font-mono text-sm break-all">
            {[...events, machines].filter(Boolean).join('  ')}
          </span>
        </div>
        <p className="mt-1 font-mono text-sm break-all text-dim">{url ?? argv?.join(' ')}</p>
      </div>
      <HookActions hook={hook} />
    </li>
  );
}
