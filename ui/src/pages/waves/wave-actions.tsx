import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { ItemOf } from '../../data/client.ts';
import { useChange } from '../../data/queries.ts';
import { useMay } from '../../data/session.tsx';
import { Button } from '../../parts/button.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { Choice } from '../../parts/field.tsx';
import { tellDone } from '../../parts/toasts.tsx';
import { useText } from '../../text/language.tsx';
import { WAVES } from './text.ts';

type Wave = ItemOf<'listWaves'>;
type Action = 'pause' | 'resume' | 'cancel' | 'remove';

const REFRESHED = ['listWaves', 'getWave', 'listInstalls'] as const;
const ICONS = { pause: 'pause', resume: 'play', cancel: 'stop', remove: 'remove' } as const;
const ACTIONS: Readonly<Record<Wave['state'], readonly Action[]>> = {
  running: ['pause', 'cancel'],
  paused: ['resume', 'cancel'],
  done: ['remove'],
  cancelled: ['remove'],
};

/** What can be done with a wave as it is; each asks first. */
export function WaveActions({ wave: { name, state } }: { readonly wave: Wave }): ReactNode {
  const text = useText(WAVES);
  const may = useMay('pauseWave');
  const [open, setOpen] = useState<Action>();
  const [isCancelling, setCancelling] = useState(false);
  const act = useActs(name, isCancelling);
  if (!may) return null;
  return (
    <>
      {ACTIONS[state].map((action) => (
        <Button
          key={action}
          icon={ICONS[action]}
          look={action === 'cancel' ? 'danger' : 'plain'}
          onClick={() => setOpen(action)}
        >
          {text[action].action}
        </Button>
      ))}
      {open && (
        <Confirm
          title={text[open].action}
          action={text[open].action}
          {...(open === 'cancel' && isCancelling ? { loss: text.cancel.loss } : {})}
          isOpen
          close={() => setOpen(undefined)}
          act={async () => {
            await act[open]();
            tellDone(text[open].done(name));
          }}
        >
          <p>{text[open].text(name)}</p>
          {open === 'cancel' && (
            <Choice
              label={text.cancel.underWay}
              className="mt-4"
              value={isCancelling ? 'cancelled' : ''}
              onChange={({ target }) => setCancelling(target.value !== '')}
            >
              <option value="">{text.cancel.goesOn}</option>
              <option value="cancelled">{text.cancel.isCancelled}</option>
            </Choice>
          )}
        </Confirm>
      )}
    </>
  );
}

function useActs(name: string, isCancelling: boolean): Readonly<Record<Action, () => Promise<unknown>>> {
  const navigate = useNavigate();
  const pausing = useChange('pauseWave', REFRESHED);
  const resuming = useChange('resumeWave', REFRESHED);
  const cancelling = useChange('cancelWave', REFRESHED);
  const removing = useChange('deleteWave', ['listWaves']);
  const params = { name };
  return {
    pause: () => pausing.mutateAsync({ params, input: {} }),
    resume: () => resuming.mutateAsync({ params }),
    cancel: () =>
      cancelling.mutateAsync({ params, input: { underWay: isCancelling ? 'is cancelled' : 'goes on' } }),
    remove: async () => {
      await removing.mutateAsync({ params });
      await navigate({ to: '/waves' });
    },
  };
}
