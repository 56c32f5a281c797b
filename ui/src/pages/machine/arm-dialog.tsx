import { type ReactNode, useState } from 'react';
import type { ItemOf } from '../../data/client.ts';
import { useChange, useRoute } from '../../data/queries.ts';
import { Button } from '../../parts/button.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Choice } from '../../parts/field.tsx';
import { LossTick } from '../../parts/loss-tick.tsx';
import { Modal } from '../../parts/modal.tsx';
import { COMMON } from '../../parts/text.ts';
import { tellDone } from '../../parts/toasts.tsx';
import { useText } from '../../text/language.tsx';
import { MACHINE } from './text.ts';

interface ArmDialogProps {
  readonly machine: ItemOf<'listMachines'>;
  readonly isOpen: boolean;
  readonly close: () => void;
}

/** Chooses how to install. Where the disk holds data the server says so, and only then somebody is asked for it. */
export function ArmDialog({ machine, isOpen, close }: ArmDialogProps): ReactNode {
  const { arm: text } = useText(MACHINE);
  const common = useText(COMMON);
  const [profile, setProfile] = useState('');
  const [isErasing, setErasing] = useState(false);
  const arming = useChange('armInstall', ['listInstalls', 'explainMachine', 'getStatus']);
  const leave = (): void => {
    arming.reset();
    setErasing(false);
    close();
  };
  const holdsData = arming.error?.type === 'holds-data';
  const arm = (): void =>
    arming.mutate(
      {
        input: {
          machine: machine.id,
          ...(profile === '' ? {} : { profile }),
          ...(isErasing ? { confirmErase: true } : {}),
        },
      },
      {
        onSuccess: () => {
          tellDone(text.done(machine.name));
          leave();
        },
      },
    );
  return (
    <Modal
      title={text.title(machine.name)}
      lead={text.lead}
      isOpen={isOpen}
      close={leave}
      actions={
        <>
          <Button onClick={leave}>{common.cancel}</Button>
          <Button
            look={holdsData ? 'danger' : 'main'}
            disabled={arming.isPending || (holdsData && !isErasing)}
            onClick={arm}
          >
            {text.go}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <ProfileChoice machine={machine} profile={profile} choose={setProfile} />
        {arming.error && <ErrorState problem={arming.error} />}
        {holdsData && (
          <LossTick isTicked={isErasing} tick={setErasing}>
            {text.erase}
          </LossTick>
        )}
      </div>
    </Modal>
  );
}

interface ProfileChoiceProps {
  readonly machine: ItemOf<'listMachines'>;
  readonly profile: string;
  readonly choose: (profile: string) => void;
}

function ProfileChoice({ machine, profile, choose }: ProfileChoiceProps): ReactNode {
  const { arm: text } = useText(MACHINE);
  const { data: profiles } = useRoute('listProfiles', {});
  const { data: explained } = useRoute('explainMachine', { params: { machine: machine.id } });
  const own = explained?.profile?.name;
  if (profiles && profiles.items.length === 0) return <p className="text-dim">{text.noProfiles}</p>;
  return (
    <Choice label={text.profile} value={profile} onChange={({ target }) => choose(target.value)}>
      <option value="">{own === undefined ? '–' : text.ownProfile(own)}</option>
      {profiles?.items.map(({ name }) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </Choice>
  );
}
