import type { ReactNode } from 'react';
import { Command } from '../../parts/command.tsx';
import { Field } from '../../parts/field.tsx';
import { textOf } from '../../parts/form.tsx';
import { useText } from '../../text/language.tsx';
import { conditionText } from './policy-fields.ts';
import { PolicyForm } from './policy-form.tsx';
import type { PolicyProps } from './policy-forms.tsx';
import { SETTINGS } from './text.ts';

/** How many may come, and by which rules. */
export function EnrolRules({ policy: { enrol } }: PolicyProps): ReactNode {
  const {
    policy: { enrol: text },
  } = useText(SETTINGS);
  return (
    <PolicyForm
      title={text.title}
      text={text.text}
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
      {enrol.rules.length === 0 ? (
        <p className="text-dim">{text.none}</p>
      ) : (
        <ol className="flex list-decimal flex-col gap-1.5 pl-5">
          {enrol.rules.map(({ when, name, profile, arm }) => (
            <li key={`${conditionText(when)} ${name}`}>
              {conditionText(when) || text.any} → <span className="font-medium">{name}</span>
              {profile !== undefined && `, ${profile}`}
              {arm && `, ${text.arms}`}
            </li>
          ))}
        </ol>
      )}
      <Command>{'muster policy enrol rules.yaml'}</Command>
    </PolicyForm>
  );
}
