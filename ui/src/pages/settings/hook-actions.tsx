import { type ReactNode, useState } from 'react';
import type { ItemOf } from '../../data/client.ts';
import { useChange } from '../../data/queries.ts';
import { useMay } from '../../data/session.tsx';
import { Button, IconButton } from '../../parts/button.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { tellDone, tellProblem } from '../../parts/toasts.tsx';
import { useText } from '../../text/language.tsx';
import { DeliveriesDialog } from './deliveries-dialog.tsx';
import { SETTINGS } from './text.ts';

/** What was told already anybody may see; the rest is for those who may change it. */
export function HookActions({ hook }: { readonly hook: ItemOf<'listHooks'> }): ReactNode {
  const { hooks: text } = useText(SETTINGS);
  const may = useMay('changeHook');
  const [open, setOpen] = useState<'deliveries' | 'removal'>();
  const removing = useChange('deleteHook', ['listHooks']);
  const close = (): void => setOpen(undefined);
  const { name } = hook;
  return (
    <div className="flex flex-wrap gap-2">
      <Button icon="events" onClick={() => setOpen('deliveries')}>
        {text.deliveries.open}
      </Button>
      {may && <Changes hook={hook} />}
      {may && <IconButton icon="remove" label={text.removal.open(name)} onClick={() => setOpen('removal')} />}
      {open === 'deliveries' && <DeliveriesDialog hook={name} close={close} />}
      <Confirm
        title={text.removal.title(name)}
        action={text.removal.action}
        isOpen={open === 'removal'}
        close={close}
        act={async () => {
          await removing.mutateAsync({ params: { name } });
          tellDone(text.removal.done(name));
        }}
      >
        {text.removal.text}
      </Confirm>
    </div>
  );
}

function Changes({ hook: { name, mode } }: { readonly hook: ItemOf<'listHooks'> }): ReactNode {
  const { hooks: text } = useText(SETTINGS);
  const changing = useChange('changeHook', ['listHooks']);
  const testing = useChange('testHook', ['listDeliveries']);
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
    <>
      <Button icon="play" disabled={testing.isPending} onClick={test}>
        {text.test}
      </Button>
      <Button icon="power" disabled={changing.isPending} onClick={flip}>
        {mode === 'on' ? text.switchOff : text.switchOn}
      </Button>
    </>
  );
}
