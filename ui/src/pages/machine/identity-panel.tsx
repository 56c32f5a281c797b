import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { ItemOf } from '../../data/client.ts';
import { useChange } from '../../data/queries.ts';
import { useMay } from '../../data/session.tsx';
import { Button, IconButton } from '../../parts/button.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { Fact, Facts } from '../../parts/facts.tsx';
import { Panel } from '../../parts/panel.tsx';
import { tellDone } from '../../parts/toasts.tsx';
import { useFormat, useText } from '../../text/language.tsx';
import { ChangeMachine } from './change-machine.tsx';
import { CHANGE } from './change-text.ts';
import { MACHINE } from './text.ts';

type Machine = ItemOf<'listMachines'>;

/** What somebody set of a machine, to be changed here; and the way to forget it. */
export function IdentityPanel({ machine }: { readonly machine: Machine }): ReactNode {
  const { facts: text } = useText(MACHINE);
  const format = useFormat();
  const { macs, uuid, serial, assetTag, port, labels, variables, createdAt } = machine;
  return (
    <Panel title={text.identity} beside={<Changes machine={machine} />}>
      <Facts>
        <Fact name={text.macs}>{macs.length > 0 && <Mono lines={macs} />}</Fact>
        <Fact name={text.uuid}>{uuid && <Mono lines={[uuid]} />}</Fact>
        <Fact name={text.serial}>{serial}</Fact>
        <Fact name={text.assetTag}>{assetTag}</Fact>
        <Fact name={text.port}>{port && [port.circuitId, port.remoteId].filter(Boolean).join(' · ')}</Fact>
        <Fact name={text.labels}>
          <Mono lines={linesOf(labels)} />
        </Fact>
        <Fact name={text.variables}>
          <Mono lines={linesOf(variables)} />
        </Fact>
        <Fact name={text.known}>{format.dateTime(createdAt)}</Fact>
      </Facts>
    </Panel>
  );
}

function Changes({ machine }: { readonly machine: Machine }): ReactNode {
  const text = useText(CHANGE);
  const navigate = useNavigate();
  const mayChange = useMay('changeMachine');
  const mayForget = useMay('deleteMachine');
  const [open, setOpen] = useState<'change' | 'forget'>();
  const forgetting = useChange('deleteMachine', ['listMachines', 'getStatus']);
  const close = (): void => setOpen(undefined);
  const { id, name } = machine;
  return (
    <>
      {mayChange && (
        <Button icon="edit" onClick={() => setOpen('change')}>
          {text.open}
        </Button>
      )}
      {mayForget && <IconButton icon="remove" label={text.forget.action} onClick={() => setOpen('forget')} />}
      {open === 'change' && <ChangeMachine machine={machine} close={close} />}
      <Confirm
        title={text.forget.title(name)}
        action={text.forget.action}
        loss={text.forget.loss}
        isOpen={open === 'forget'}
        close={close}
        act={async () => {
          await forgetting.mutateAsync({ params: { machine: id } });
          tellDone(text.forget.done(name));
          await navigate({ to: '/machines' });
        }}
      >
        {text.forget.text}
      </Confirm>
    </>
  );
}

function Mono({ lines }: { readonly lines: readonly string[] }): ReactNode {
  const { facts: text } = useText(MACHINE);
  if (lines.length === 0) return <span className="text-dim">{text.none}</span>;
  return (
    <ul>
      {lines.map((line) => (
        <li key={line} className="font-mono text-sm break-all">
          {line}
        </li>
      ))}
    </ul>
  );
}

function linesOf(record: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(record).map(([key, value]) => (value === '' ? key : `${key}=${value}`));
}
