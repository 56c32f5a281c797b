import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ItemOf } from '../../data/client.ts';
import { pairsText } from '../../data/pairs.ts';
import { useChange } from '../../data/queries.ts';
import { Area, Field } from '../../parts/field.tsx';
import { FormModal } from '../../parts/form-modal.tsx';
import { exactTextOf, textOf } from '../../parts/form.tsx';
import { COMMON } from '../../parts/text.ts';
import { tellDone } from '../../parts/toasts.tsx';
import { useText } from '../../text/language.tsx';
import { CHANGE } from './change-text.ts';
import { changeOf, IDENTITIES } from './machine-draft.ts';
import { MACHINE } from './text.ts';

interface ChangeMachineProps {
  readonly machine: ItemOf<'listMachines'>;
  readonly close: () => void;
}

const FIELDS: readonly string[] = ['name', 'macs', ...IDENTITIES, 'labels', 'variables'];

/** What somebody set of a machine; what is refused stands at its field. */
export function ChangeMachine({ machine, close }: ChangeMachineProps): ReactNode {
  const text = useText(CHANGE);
  const common = useText(COMMON);
  const navigate = useNavigate();
  const changing = useChange('changeMachine', [
    'getMachine',
    'listMachines',
    'renderMachine',
    'explainMachine',
  ]);
  const submit = async (form: FormData): Promise<void> => {
    const input = changeOf(machine, (field) =>
      field === 'variables' ? exactTextOf(form, field) : textOf(form, field),
    );
    try {
      const { name } = await changing.mutateAsync({ params: { machine: machine.id }, input });
      tellDone(text.done(name));
      close();
      if (name !== machine.name) await navigate({ to: '/machines/$machine', params: { machine: name } });
    } catch {
      // What was refused stands in the dialog.
    }
  };
  const issueOf = (field: string): string | undefined =>
    changing.error?.issues.find(({ path }) => path.split(/[.[]/)[0] === field)?.message;
  const isSaidAtField = FIELDS.some((field) => issueOf(field) !== undefined);
  return (
    <FormModal
      title={text.title(machine.name)}
      lead={text.lead}
      action={common.save}
      isBusy={changing.isPending}
      problem={isSaidAtField ? undefined : changing.error}
      submit={submit}
      close={close}
    >
      <MachineFields machine={machine} issueOf={issueOf} />
    </FormModal>
  );
}

interface MachineFieldsProps {
  readonly machine: ItemOf<'listMachines'>;
  readonly issueOf: (field: string) => string | undefined;
}

function MachineFields({ machine, issueOf }: MachineFieldsProps): ReactNode {
  const text = useText(CHANGE);
  const { facts } = useText(MACHINE);
  return (
    <>
      <Field label={text.name} issue={issueOf('name')} name="name" required defaultValue={machine.name} />
      <Field label={facts.macs} issue={issueOf('macs')} name="macs" defaultValue={machine.macs.join(' ')} />
      {IDENTITIES.map((one) => (
        <Field
          key={one}
          label={facts[one]}
          issue={issueOf(one)}
          name={one}
          defaultValue={machine[one] ?? ''}
        />
      ))}
      <Field
        label={facts.labels}
        hint={text.labelsHint}
        issue={issueOf('labels')}
        name="labels"
        autoCapitalize="none"
        defaultValue={pairsText(machine.labels, ' ')}
      />
      <Area
        label={facts.variables}
        hint={text.variablesHint}
        issue={issueOf('variables')}
        name="variables"
        defaultValue={pairsText(machine.variables, '\n')}
      />
    </>
  );
}
