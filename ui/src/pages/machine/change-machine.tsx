import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useRef } from 'react';
import type { ItemOf } from '../../data/client.ts';
import { pairsText } from '../../data/pairs.ts';
import { partOf } from '../../data/part-of.ts';
import { useThing } from '../../data/queries.ts';
import { useCarefulChange } from '../../data/use-careful-change.ts';
import { useFormBase } from '../../data/use-form-base.ts';
import { Area, Field } from '../../parts/field.tsx';
import { FormModal } from '../../parts/form-modal.tsx';
import { exactTextOf, textOf } from '../../parts/form.tsx';
import { MeanwhileInForm } from '../../parts/save-notes.tsx';
import { COMMON } from '../../parts/text.ts';
import { tellDone } from '../../parts/toasts.tsx';
import { useText } from '../../text/language.tsx';
import { CHANGE } from './change-text.ts';
import { changeOf, IDENTITIES, type MachineChange } from './machine-draft.ts';
import { MACHINE } from './text.ts';

interface ChangeMachineProps {
  readonly machine: ItemOf<'listMachines'>;
  readonly close: () => void;
}

const FIELDS: readonly string[] = ['name', 'macs', ...IDENTITIES, 'labels', 'variables'];

const REFRESHED = ['getMachine', 'listMachines', 'renderMachine', 'explainMachine'] as const;

/** What somebody set of a machine; what is refused stands at its field. */
export function ChangeMachine({ machine: { id }, close }: ChangeMachineProps): ReactNode {
  const text = useText(CHANGE);
  const common = useText(COMMON);
  const navigate = useNavigate();
  const form = useRef<HTMLFormElement>(null);
  const { data: newest } = useThing('getMachine', { params: { machine: id } });
  const base = useFormBase(newest);
  const sent = useRef<MachineChange>({});
  const saving = useCarefulChange('changeMachine', {
    get: 'getMachine',
    refreshes: REFRESHED,
    fieldsOf: (thing) => partOf(sent.current, thing),
  });
  const save = async (typed: FormData, over = base.was): Promise<void> => {
    if (!base.was || !over) return;
    // What was typed is a change of what the fields showed, whatever it is written over.
    sent.current = changeOf(base.was.thing, (field) =>
      field === 'variables' ? exactTextOf(typed, field) : textOf(typed, field),
    );
    const now = await saving.save({ params: { machine: id }, input: sent.current }, over);
    if (!now) return;
    const { name } = now.thing;
    tellDone(text.done(name));
    close();
    if (name !== over.thing.name) await navigate({ to: '/machines/$machine', params: { machine: name } });
  };
  const { error } = saving;
  const issueOf = (field: string): string | undefined =>
    error?.issues.find(({ path }) => path.split(/[.[]/)[0] === field)?.message;
  if (!base.was) return null;
  const { thing } = base.was;
  return (
    <FormModal
      title={text.title(thing.name)}
      lead={text.lead}
      action={common.save}
      isBusy={saving.isPending}
      problem={FIELDS.some((field) => issueOf(field) !== undefined) ? undefined : error}
      submit={save}
      close={close}
      form={form}
      onInput={base.hold}
    >
      <MachineFields key={base.version} machine={thing} issueOf={issueOf} />
      <MeanwhileInForm saving={saving} base={base} form={form} save={save} />
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
