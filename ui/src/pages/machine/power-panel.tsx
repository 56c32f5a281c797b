import { type ReactNode, useState } from 'react';
import type { Answer, ItemOf } from '../../data/client.ts';
import { useChange, useRoute } from '../../data/queries.ts';
import { useMay } from '../../data/session.tsx';
import { Button, IconButton } from '../../parts/button.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Fact, Facts } from '../../parts/facts.tsx';
import { Panel } from '../../parts/panel.tsx';
import { tellDone, tellProblem } from '../../parts/toasts.tsx';
import { useFormat, useText } from '../../text/language.tsx';
import { PowerSign } from '../machines/power-sign.tsx';
import { PowerDialog } from './power-dialog.tsx';
import { POWER } from './power-text.ts';

type Machine = ItemOf<'listMachines'>;

const CHANGED = ['getPower', 'getMachine', 'listMachines', 'listPower'] as const;

/** How a machine's power is reached, and what was last seen of it. */
export function PowerPanel({ machine }: { readonly machine: Machine }): ReactNode {
  const text = useText(POWER);
  const isSet = machine.power !== undefined;
  const { data, error } = useRoute('getPower', { params: { machine: machine.id } }, { enabled: isSet });
  const power = isSet ? data : undefined;
  return (
    <Panel title={text.title} beside={<Changes machine={machine} power={power} />}>
      {!isSet && <p className="text-dim">{text.notSet}</p>}
      {isSet && error && <ErrorState problem={error} />}
      {power && <Seen machine={machine} power={power} />}
    </Panel>
  );
}

interface SeenProps {
  readonly machine: Machine;
  readonly power: Answer<'getPower'>;
}

function Seen({ machine, power }: SeenProps): ReactNode {
  const text = useText(POWER);
  const format = useFormat();
  const { settings, secret, stateAt, trouble } = power;
  const where = 'url' in settings ? settings.url : 'host' in settings ? settings.host : undefined;
  return (
    <Facts>
      <Fact name={text.state}>
        <PowerSign power={machine.power} />
        {stateAt !== undefined && <span className="ml-2 text-sm text-dim">{format.dateTime(stateAt)}</span>}
      </Fact>
      <Fact name={text.trouble}>{trouble?.because}</Fact>
      <Fact name={text.driver}>{text.drivers[settings.driver]}</Fact>
      <Fact name={text.where}>{where && <code className="font-mono text-sm break-all">{where}</code>}</Fact>
      <Fact name={text.program}>
        {'argv' in settings && <code className="font-mono text-sm break-all">{settings.argv.join(' ')}</code>}
      </Fact>
      <Fact name={text.secret}>{text.secrets[secret]}</Fact>
    </Facts>
  );
}

interface ChangesProps {
  readonly machine: Machine;
  readonly power: Answer<'getPower'> | undefined;
}

function Changes({ machine: { id, name }, power }: ChangesProps): ReactNode {
  const text = useText(POWER);
  const maySet = useMay('setPower');
  const [open, setOpen] = useState<'set' | 'forget'>();
  const forgetting = useChange('deletePower', CHANGED);
  const close = (): void => setOpen(undefined);
  return (
    <>
      {power && <Look id={id} name={name} />}
      {maySet && (
        <Button icon="edit" onClick={() => setOpen('set')}>
          {power ? text.change : text.set}
        </Button>
      )}
      {maySet && power && (
        <IconButton icon="remove" label={text.forget.action} onClick={() => setOpen('forget')} />
      )}
      {open === 'set' && <PowerDialog machine={name} id={id} before={power?.settings} close={close} />}
      <Confirm
        title={text.forget.action}
        action={text.forget.action}
        isOpen={open === 'forget'}
        close={close}
        act={async () => {
          await forgetting.mutateAsync({ params: { machine: id } });
          tellDone(text.forget.done(name));
        }}
      >
        {text.forget.text}
      </Confirm>
    </>
  );
}

/** Asking the machine now; by itself it is asked every few minutes. */
function Look({ id, name }: { readonly id: string; readonly name: string }): ReactNode {
  const text = useText(POWER);
  const may = useMay('readPower');
  const reading = useChange('readPower', CHANGED);
  if (!may) return null;
  const look = (): void =>
    reading.mutate({ params: { machine: id } }, { onError: (error) => tellProblem(name, error) });
  return (
    <Button icon="refresh" disabled={reading.isPending} onClick={look}>
      {text.look}
    </Button>
  );
}
