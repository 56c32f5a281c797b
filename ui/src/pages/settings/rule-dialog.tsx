import type { ReactNode } from 'react';
import { pairsText } from '../../data/pairs.ts';
import { useChange, useRoute } from '../../data/queries.ts';
import { Area, Choice, Field } from '../../parts/field.tsx';
import { FormModal } from '../../parts/form-modal.tsx';
import { exactTextOf, textOf } from '../../parts/form.tsx';
import { COMMON } from '../../parts/text.ts';
import { tellDone } from '../../parts/toasts.tsx';
import { useText } from '../../text/language.tsx';
import {
  type Condition,
  CONDITIONS,
  FIRMWARES,
  issueAt,
  type Rule,
  ruleFrom,
  withRule,
} from './enrol-draft.ts';
import { SETTINGS } from './text.ts';

interface RuleDialogProps {
  readonly rules: readonly Rule[];
  /** Of the rule that is changed; behind the last one: a new rule. */
  readonly index: number;
  readonly close: () => void;
}

/** One rule; what is refused stands at its field. */
export function RuleDialog({ rules, index, close }: RuleDialogProps): ReactNode {
  const { enrol: text } = useText(SETTINGS).policy;
  const common = useText(COMMON);
  const changing = useChange('changePolicy', ['getPolicy']);
  const before = rules[index];
  const submit = async (form: FormData): Promise<void> => {
    const read = (field: string): string =>
      field === 'variables' ? exactTextOf(form, field) : textOf(form, field);
    const rule = ruleFrom(read, form.get('arm') !== null);
    try {
      await changing.mutateAsync({ input: { enrol: { rules: withRule(rules, rule, index) } } });
      tellDone(text.done);
      close();
    } catch {
      // What was refused stands in the dialog.
    }
  };
  const issues = changing.error?.issues ?? [];
  const issueOf = (field: string): string | undefined => issueAt(issues, index, field);
  const isSaidAtField = FIELDS.some((field) => issueOf(field) !== undefined);
  return (
    <FormModal
      title={before ? text.changeTitle : text.addTitle}
      lead={text.dialogLead}
      action={common.save}
      isBusy={changing.isPending}
      problem={isSaidAtField ? undefined : changing.error}
      submit={submit}
      close={close}
    >
      <Result before={before} issueOf={issueOf} />
      <Conditions before={before} issueOf={issueOf} />
    </FormModal>
  );
}

const FIELDS: readonly string[] = [...CONDITIONS, 'name', 'profile', 'labels', 'variables'];

interface PartProps {
  readonly before: Rule | undefined;
  readonly issueOf: (field: string) => string | undefined;
}

/** What becomes of a machine that fits. */
function Result({ before, issueOf }: PartProps): ReactNode {
  const { enrol: text } = useText(SETTINGS).policy;
  const { data: profiles } = useRoute('listProfiles', {});
  return (
    <>
      <Field
        label={text.name}
        hint={text.nameHint}
        issue={issueOf('name')}
        name="name"
        required
        autoFocus
        autoCapitalize="none"
        defaultValue={before?.name}
      />
      <Choice
        label={text.profile}
        issue={issueOf('profile')}
        name="profile"
        // Options that come later would not be chosen.
        key={profiles?.items.length ?? 0}
        defaultValue={before?.profile ?? ''}
      >
        <option value="">{text.noProfile}</option>
        {profiles?.items.map(({ name }) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </Choice>
      <label className="flex min-h-8 items-center gap-2.5 narrow:min-h-11">
        <input type="checkbox" name="arm" defaultChecked={before?.arm} className="size-4 accent-accent" />
        {text.arm}
      </label>
      <Field
        label={text.labels}
        hint={text.labelsHint}
        issue={issueOf('labels')}
        name="labels"
        autoCapitalize="none"
        defaultValue={before && pairsText(before.labels, ' ')}
      />
      <Area
        label={text.variables}
        hint={text.variablesHint}
        issue={issueOf('variables')}
        name="variables"
        defaultValue={before && pairsText(before.variables, '\n')}
      />
    </>
  );
}

function Conditions({ before, issueOf }: PartProps): ReactNode {
  const { enrol: text } = useText(SETTINGS).policy;
  const { data: subnets } = useRoute('listSubnets', {});
  const choices: Partial<Record<Condition, readonly string[]>> = {
    subnet: subnets?.items.map(({ name }) => name) ?? [],
    firmware: FIRMWARES,
  };
  return (
    <fieldset className="flex flex-col gap-4 border-t pt-4">
      <legend className="sr-only">{text.when}</legend>
      <p className="text-dim">{text.whenText}</p>
      {CONDITIONS.map((condition) => {
        const shared = {
          label: text.conditions[condition],
          name: condition,
          issue: issueOf(condition),
          defaultValue: before?.when[condition] ?? '',
        };
        const options = choices[condition];
        return options ? (
          <Choice key={`${condition} ${options.length}`} {...shared}>
            <option value="">{text.any}</option>
            {options.map((option) => (
              <option key={option} value={option}>
                {option}
              </option>
            ))}
          </Choice>
        ) : (
          <Field key={condition} autoCapitalize="none" {...shared} />
        );
      })}
    </fieldset>
  );
}
