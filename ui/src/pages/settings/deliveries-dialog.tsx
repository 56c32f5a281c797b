import type { ReactNode } from 'react';
import type { ItemOf } from '../../data/client.ts';
import { useRoute } from '../../data/queries.ts';
import { Button } from '../../parts/button.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Modal } from '../../parts/modal.tsx';
import { Status, type Tone } from '../../parts/status.tsx';
import { COMMON } from '../../parts/text.ts';
import { useFormat, useText } from '../../text/language.tsx';
import { SETTINGS } from './text.ts';

type Delivery = ItemOf<'listDeliveries'>;

const TONES: Readonly<Record<Delivery['state'], Tone>> = { done: 'good', waiting: 'wait', dead: 'bad' };

/** What came of the last events for a hook, with what the other side said. */
export function DeliveriesDialog({
  hook,
  close,
}: {
  readonly hook: string;
  readonly close: () => void;
}): ReactNode {
  const { deliveries: text } = useText(SETTINGS).hooks;
  const common = useText(COMMON);
  const { data, error, refetch } = useRoute('listDeliveries', { params: { name: hook } });
  return (
    <Modal
      title={text.title(hook)}
      isOpen
      close={close}
      actions={<Button onClick={close}>{common.close}</Button>}
    >
      {error && <ErrorState problem={error} retry={() => void refetch()} />}
      {data?.items.length === 0 && <p className="text-dim">{text.none}</p>}
      <ul aria-label={text.title(hook)}>
        {data?.items.map((delivery) => (
          <DeliveryRow key={delivery.delivery} delivery={delivery} />
        ))}
      </ul>
    </Modal>
  );
}

function DeliveryRow({ delivery }: { readonly delivery: Delivery }): ReactNode {
  const { deliveries: text } = useText(SETTINGS).hooks;
  const format = useFormat();
  const { kind, state, attempts, lastAt, result } = delivery;
  return (
    <li className="border-b py-2 last:border-b-0">
      <div className="flex flex-wrap items-baseline gap-x-3">
        <Status tone={TONES[state]}>{text.states[state]}</Status>
        <span className="min-w-0 flex-1 font-mono text-sm break-all">{kind}</span>
        <span className="text-sm text-dim">{format.dateTime(lastAt)}</span>
      </div>
      <p className="text-sm break-words text-dim">
        {attempts > 1 && `${text.attempts(format.number(attempts))}: `}
        {result}
      </p>
    </li>
  );
}
