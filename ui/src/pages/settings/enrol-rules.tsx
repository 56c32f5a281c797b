import { type ReactNode, useState } from 'react';
import { useChange } from '../../data/queries.ts';
import { useMay } from '../../data/session.tsx';
import { Button, IconButton } from '../../parts/button.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { Field } from '../../parts/field.tsx';
import { textOf } from '../../parts/form.tsx';
import { Panel } from '../../parts/panel.tsx';
import { tellDone, tellProblem } from '../../parts/toasts.tsx';
import { useText } from '../../text/language.tsx';
import { movedUp, type Rule } from './enrol-draft.ts';
import { conditionText } from './policy-fields.ts';
import { PolicyForm } from './policy-form.tsx';
import type { PolicyProps } from './policy-forms.tsx';
import { RuleDialog } from './rule-dialog.tsx';
import { SETTINGS } from './text.ts';

/** How many machines may become known by rules. */
export function EnrolMaximum({ policy: { enrol } }: PolicyProps): ReactNode {
  const { enrol: text } = useText(SETTINGS).policy;
  return (
    <PolicyForm
      title={text.maximumTitle}
      changeOf={(form) => ({ enrol: { maximum: Number(textOf(form, 'maximum')) } })}
    >
      <Field
        label={text.maximum}
        name="maximum"
        type="number"
        min={0}
        required
        defaultValue={enrol.maximum}
      />
    </PolicyForm>
  );
}

/** The rules in their order; each change holds at once. */
export function EnrolRules({ policy: { enrol, unknownMachines } }: PolicyProps): ReactNode {
  const { enrol: text } = useText(SETTINGS).policy;
  const may = useMay('changePolicy');
  const { rules } = enrol;
  const [edited, edit] = useState<number>();
  const [removed, remove] = useState<number>();
  const changing = useChange('changePolicy', ['getPolicy']);
  const up = (index: number): void =>
    changing.mutate(
      { input: { enrol: { rules: movedUp(rules, index) } } },
      { onError: (error) => tellProblem(text.title, error) },
    );
  return (
    <Panel
      title={text.title}
      beside={
        may && (
          <Button icon="add" onClick={() => edit(rules.length)}>
            {text.add}
          </Button>
        )
      }
      isFlush
    >
      <p className="px-4 pt-4 text-dim">{text.text}</p>
      {unknownMachines !== 'enrol' && <p className="px-4 pt-2 text-wait">{text.notUsed}</p>}
      {rules.length === 0 && <p className="p-4 text-dim">{text.none}</p>}
      <ol aria-label={text.title} className="pt-3">
        {rules.map((rule, index) => (
          <RuleRow
            key={`${conditionText(rule.when)} ${rule.name}`}
            rule={rule}
            index={index}
            {...(may ? { edit, remove, up, isBusy: changing.isPending } : {})}
          />
        ))}
      </ol>
      {edited !== undefined && <RuleDialog rules={rules} index={edited} close={() => edit(undefined)} />}
      <Confirm
        title={text.removal.title}
        action={text.removal.action}
        isOpen={removed !== undefined}
        close={() => remove(undefined)}
        act={async () => {
          const left = rules.filter((_, index) => index !== removed);
          await changing.mutateAsync({ input: { enrol: { rules: left } } });
          tellDone(text.removal.done);
        }}
      >
        {text.removal.text(rules[removed ?? 0]?.name ?? '')}
      </Confirm>
    </Panel>
  );
}

interface RuleRowProps {
  readonly rule: Rule;
  readonly index: number;
  /** There for those who may change it. */
  readonly edit?: (index: number) => void;
  readonly remove?: (index: number) => void;
  readonly up?: (index: number) => void;
  readonly isBusy?: boolean;
}

function RuleRow({ rule, index, edit, remove, up, isBusy = false }: RuleRowProps): ReactNode {
  const { enrol: text } = useText(SETTINGS).policy;
  const { when, name, profile, arm } = rule;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t px-4 py-2">
      <span className="w-6 text-right text-dim">{index + 1}.</span>
      <span className="min-w-0 flex-1 break-words">
        {conditionText(when) || text.any} → <span className="font-medium">{name}</span>
        {profile !== undefined && `, ${profile}`}
        {arm && `, ${text.arms}`}
      </span>
      {up && edit && remove && (
        <span className="flex">
          <IconButton
            icon="up"
            label={text.up(name)}
            disabled={isBusy || index === 0}
            onClick={() => up(index)}
          />
          <IconButton icon="edit" label={text.edit(name)} onClick={() => edit(index)} />
          <IconButton icon="remove" label={text.remove(name)} onClick={() => remove(index)} />
        </span>
      )}
    </li>
  );
}
