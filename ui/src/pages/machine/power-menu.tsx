import { Menu } from '@base-ui/react/menu';
import { type ReactNode, useState } from 'react';
import type { Asked, ItemOf } from '../../data/client.ts';
import { useChange } from '../../data/queries.ts';
import { useMay } from '../../data/session.tsx';
import { buttonClass } from '../../parts/button.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { Icon } from '../../parts/icon.tsx';
import { tellDone } from '../../parts/toasts.tsx';
import { useText } from '../../text/language.tsx';
import { MACHINE } from './text.ts';

type Action = Asked<'actOnPower'>['params']['action'];

const ACTIONS: readonly Action[] = ['on', 'shutdown', 'off', 'cycle', 'reset', 'pxe-next', 'boot-network'];
/** They end what the machine does at this moment. */
const LOSES: ReadonlySet<Action> = new Set<Action>(['off', 'cycle', 'reset', 'boot-network']);

/** Switching a machine; what ends its work asks first. */
export function PowerMenu({ machine }: { readonly machine: ItemOf<'listMachines'> }): ReactNode {
  const { power: text } = useText(MACHINE);
  const may = useMay('actOnPower');
  const [action, setAction] = useState<Action>();
  const acting = useChange('actOnPower', ['getMachine', 'listMachines', 'getPower', 'listPower']);
  if (!may) return null;
  return (
    <>
      <Menu.Root>
        <Menu.Trigger className={buttonClass('plain')}>
          <Icon name="power" />
          {text.menu}
          <Icon name="down" />
        </Menu.Trigger>
        {/* Within the page's own landmark, where screen readers look for what it holds. */}
        <Menu.Portal container={document.getElementById('main')}>
          <Menu.Positioner sideOffset={4} align="end" className="z-20">
            <Menu.Popup className="min-w-56 rounded-lg border border-line-strong bg-panel p-1 shadow-xl outline-none">
              {ACTIONS.map((one) => (
                <Menu.Item
                  key={one}
                  onClick={() => setAction(one)}
                  className={`flex h-8 cursor-pointer items-center rounded-md px-2.5 outline-none narrow:h-11 data-highlighted:bg-raised ${LOSES.has(one) ? 'text-bad' : ''}`}
                >
                  {text.actions[one]}
                </Menu.Item>
              ))}
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      {action && (
        <Confirm
          isOpen
          title={text.actions[action]}
          action={text.actions[action]}
          {...(LOSES.has(action) ? { loss: text.loss } : {})}
          close={() => setAction(undefined)}
          act={async () => {
            const { did, because } = await acting.mutateAsync({ params: { machine: machine.id, action } });
            tellDone(
              did.length > 0
                ? text.done(machine.name, text.actions[action])
                : text.nothing(machine.name, because),
            );
          }}
        >
          {text.text(machine.name)}
        </Confirm>
      )}
    </>
  );
}
