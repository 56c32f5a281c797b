import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { WireEvent } from '../../../../src/contract/events.ts';
import { buttonClass } from '../../parts/button.tsx';
import { Fact, Facts } from '../../parts/facts.tsx';
import { Modal } from '../../parts/modal.tsx';
import { useFormat, useText } from '../../text/language.tsx';
import { EVENTS } from './text.ts';

interface EventDialogProps {
  readonly event: WireEvent | undefined;
  readonly close: () => void;
}

/** One event with its reason and all its values. */
export function EventDialog({ event, close }: EventDialogProps): ReactNode {
  const text = useText(EVENTS);
  const format = useFormat();
  if (!event) return null;
  const { machine, data } = event;
  return (
    <Modal
      title={event.text}
      isOpen
      close={close}
      actions={
        machine !== undefined && (
          <Link to="/machines/$machine" params={{ machine }} className={buttonClass('main')}>
            {text.toMachine}
          </Link>
        )
      }
    >
      <Facts>
        <Fact name={text.because}>{event.because}</Fact>
        <Fact name={text.columns.at}>{format.dateTime(event.at)}</Fact>
        <Fact name={text.columns.kind}>
          <Mono>{event.kind}</Mono>
        </Fact>
        <Fact name={text.machine}>{machine}</Fact>
        <Fact name={text.mac}>{event.mac !== undefined && <Mono>{event.mac}</Mono>}</Fact>
        <Fact name={text.install}>{event.installId !== undefined && <Mono>{event.installId}</Mono>}</Fact>
        <Fact name={text.number}>
          <Mono>{event.id}</Mono>
        </Fact>
        {Object.entries(data ?? {}).map(([key, value]) => (
          <Fact key={key} name={key}>
            <Mono>{String(value)}</Mono>
          </Fact>
        ))}
      </Facts>
    </Modal>
  );
}

function Mono({ children }: { readonly children: ReactNode }): ReactNode {
  return <code className="font-mono text-sm break-all">{children}</code>;
}
