import type { ReactNode } from 'react';
import type { Answer } from '../../data/client.ts';
import { Field } from '../../parts/field.tsx';
import { textOf } from '../../parts/form.tsx';
import { useText } from '../../text/language.tsx';
import { installsChange, LIMITS, limitText, UNKNOWN } from './policy-fields.ts';
import { PolicyForm } from './policy-form.tsx';
import { SETTINGS } from './text.ts';

export interface PolicyProps {
  readonly policy: Answer<'getPolicy'>;
}

export function UnknownMachines({ policy }: PolicyProps): ReactNode {
  const {
    policy: { unknown: text, authoritative },
  } = useText(SETTINGS);
  return (
    <PolicyForm
      title={text.title}
      text={text.text}
      changeOf={(form) => ({
        unknownMachines: UNKNOWN.find((one) => one === textOf(form, 'unknown')) ?? policy.unknownMachines,
        authoritative: form.get('authoritative') !== null,
      })}
    >
      <div role="radiogroup" aria-label={text.title} className="flex flex-col gap-1">
        {UNKNOWN.map((one) => (
          <label key={one} className="flex min-h-8 items-center gap-2.5 narrow:min-h-11">
            <input
              type="radio"
              name="unknown"
              value={one}
              defaultChecked={policy.unknownMachines === one}
              className="size-4 accent-accent"
            />
            {text[one]}
          </label>
        ))}
      </div>
      <label className="flex min-h-8 items-center gap-2.5 narrow:min-h-11">
        <input
          type="checkbox"
          name="authoritative"
          defaultChecked={policy.authoritative}
          className="size-4 accent-accent"
        />
        {authoritative}
      </label>
    </PolicyForm>
  );
}

export function InstallLimits({ policy }: PolicyProps): ReactNode {
  const {
    policy: { installs: text },
  } = useText(SETTINGS);
  return (
    <PolicyForm
      title={text.title}
      text={text.text}
      changeOf={(form) => ({ installs: installsChange(policy.installs, (limit) => textOf(form, limit)) })}
    >
      {LIMITS.map((limit) => (
        <Field
          key={limit}
          label={text[limit]}
          name={limit}
          type="number"
          min={1}
          required={limit === 'attempts'}
          defaultValue={limitText(policy.installs[limit])}
        />
      ))}
    </PolicyForm>
  );
}

export function ToolsForm({ policy }: PolicyProps): ReactNode {
  const {
    policy: { tools: text },
  } = useText(SETTINGS);
  return (
    <PolicyForm
      title={text.title}
      changeOf={(form) => ({
        tools: { arguments: textOf(form, 'arguments') },
        discovery: { image: textOf(form, 'image') },
      })}
    >
      <Field
        label={text.arguments}
        hint={text.argumentsHint}
        name="arguments"
        autoCapitalize="none"
        defaultValue={policy.tools.arguments}
      />
      <Field
        label={text.image}
        hint={text.imageHint}
        name="image"
        autoCapitalize="none"
        required
        defaultValue={policy.discovery.image}
      />
    </PolicyForm>
  );
}
