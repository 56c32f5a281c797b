import { type ReactNode, useEffect, useState } from 'react';
import type { ItemOf } from '../../data/client.ts';
import { useChange } from '../../data/queries.ts';
import { useMay } from '../../data/session.tsx';
import { Button } from '../../parts/button.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { isOver } from '../../parts/install-state.tsx';
import { tellDone } from '../../parts/toasts.tsx';
import { offerActions } from '../../shell/actions.ts';
import { useText } from '../../text/language.tsx';
import { ArmDialog } from './arm-dialog.tsx';
import { PowerMenu } from './power-menu.tsx';
import { MACHINE } from './text.ts';
import { ToolDialog } from './tool-dialog.tsx';
import { TOOL } from './tool-text.ts';

interface MachineActionsProps {
  readonly machine: ItemOf<'listMachines'>;
  readonly newest: ItemOf<'listInstalls'> | undefined;
}

/** Power, and the install: armed where none is open, cancelled where one is. */
export function MachineActions({ machine, newest }: MachineActionsProps): ReactNode {
  const text = useText(MACHINE);
  const tool = useText(TOOL);
  const mayArm = useMay('armInstall');
  const mayBoot = useMay('bootTool');
  const [open, setOpen] = useState<'arm' | 'cancel' | 'tool'>();
  const cancelling = useChange('cancelInstall', ['listInstalls', 'explainMachine', 'getStatus']);
  const close = (): void => setOpen(undefined);
  const isOpen = newest !== undefined && !isOver(newest.state);
  useEffect(() => {
    if (!mayArm) return undefined;
    return isOpen
      ? offerActions([
          { id: 'cancel', title: text.cancel.action, icon: 'stop', run: () => setOpen('cancel') },
        ])
      : offerActions([
          { id: 'arm', title: text.arm.title(machine.name), icon: 'play', run: () => setOpen('arm') },
        ]);
  }, [mayArm, isOpen, text, machine.name]);
  return (
    <>
      {machine.power && <PowerMenu machine={machine} />}
      {mayBoot && !isOpen && <Button onClick={() => setOpen('tool')}>{tool.open}</Button>}
      {mayArm && !isOpen && (
        <Button look="main" icon="play" onClick={() => setOpen('arm')}>
          {text.arm.action}
        </Button>
      )}
      {mayArm && isOpen && (
        <Button look="danger" icon="stop" onClick={() => setOpen('cancel')}>
          {text.cancel.action}
        </Button>
      )}
      <ArmDialog machine={machine} isOpen={open === 'arm'} close={close} />
      {open === 'tool' && <ToolDialog machine={machine} close={close} />}
      <Confirm
        title={text.cancel.action}
        action={text.cancel.action}
        isOpen={open === 'cancel'}
        close={close}
        act={async () => {
          if (!newest) return;
          await cancelling.mutateAsync({ params: { id: newest.id } });
          tellDone(text.cancel.done);
        }}
      >
        {text.cancel.text(machine.name)}
      </Confirm>
    </>
  );
}
