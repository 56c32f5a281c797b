import type { ReactNode } from 'react';
import type { ItemOf } from '../../data/client.ts';
import { useChange, useRoute } from '../../data/queries.ts';
import { useMay } from '../../data/session.tsx';
import { Button } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Badge } from '../../parts/status.tsx';
import { tellDone, tellProblem } from '../../parts/toasts.tsx';
import { useText } from '../../text/language.tsx';
import { SETTINGS } from './text.ts';

type Hook = ItemOf<'listHooks'>;

/** Who is told of events. */
export function HooksPanel(): ReactNode {
  const { hooks: text } = useText(SETTINGS);
  const { data, error, refetch } = useRoute('listHooks', {});
  if (error) return <ErrorState problem={error} retry={() => void refetch()} />;
  if (!data) return null;
  if (data.items.length === 0)
    return (
      <EmptyState
        icon="link"
        title={text.empty.title}
        command="muster hook add chat --events 'install.*' --url https://chat.example/muster"
      >
        {text.empty.text}
      </EmptyState>
    );
  return (
    <Panel title={text.title} isFlush>
      <ul>
        {data.items.map((hook) => (
          <HookRow key={hook.name} hook={hook} />
        ))}
      </ul>
    </Panel>
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

function HookActions({ hook: { name, mode } }: { readonly hook: Hook }): ReactNode {
  const { hooks: text } = useText(SETTINGS);
  const may = useMay('changeHook');
  const changing = useChange('changeHook', ['listHooks']);
  const testing = useChange('testHook', ['listDeliveries']);
  if (!may) return null;
  const params = { name };
  const next = mode === 'on' ? 'off' : 'on';
  const flip = (): void =>
    changing.mutate(
      { params, input: { mode: next } },
      {
        onSuccess: () => tellDone(next === 'on' ? text.isOn(name) : text.isOff(name)),
        onError: (error) => tellProblem(name, error),
      },
    );
  const test = (): void =>
    testing.mutate(
      { params },
      {
        onSuccess: ({ result, said }) =>
          result === 'done' ? tellDone(text.tested.done(said)) : tellProblem(name, text.tested[result](said)),
        onError: (error) => tellProblem(name, error),
      },
    );
  return (
    <div className="flex gap-2">
      <Button icon="play" disabled={testing.isPending} onClick={test}>
        {text.test}
      </Button>
      <Button icon="power" disabled={changing.isPending} onClick={flip}>
        {mode === 'on' ? text.switchOff : text.switchOn}
      </Button>
    </div>
  );
}
