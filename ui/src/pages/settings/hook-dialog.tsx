import { type ReactNode, useState } from 'react';
import { useChange } from '../../data/queries.ts';
import { Area, Choice, Field } from '../../parts/field.tsx';
import { FormModal } from '../../parts/form-modal.tsx';
import { exactTextOf, textOf } from '../../parts/form.tsx';
import { COMMON } from '../../parts/text.ts';
import { tellDone } from '../../parts/toasts.tsx';
import { useText } from '../../text/language.tsx';
import { hookFrom, type Target } from './hook-draft.ts';
import { SETTINGS } from './text.ts';

const FIELDS: readonly string[] = ['name', 'events', 'machines', 'url', 'argv', 'secret'];

/** A new hook; what is refused stands at its field. */
export function HookDialog({ close }: { readonly close: () => void }): ReactNode {
  const { hooks: text } = useText(SETTINGS);
  const common = useText(COMMON);
  const [target, setTarget] = useState<Target>('url');
  const adding = useChange('addHook', ['listHooks']);
  const submit = async (form: FormData): Promise<void> => {
    const input = hookFrom(target, (field) =>
      field === 'argv' ? exactTextOf(form, field) : textOf(form, field),
    );
    try {
      await adding.mutateAsync({ input });
      tellDone(text.dialog.done(input.name));
      close();
    } catch {
      // What was refused stands in the dialog.
    }
  };
  const issues = adding.error?.issues ?? [];
  const issueOf = (field: string): string | undefined =>
    issues.find(({ path }) => path === field || path.startsWith(`${field}[`))?.message;
  const isSaidAtField = FIELDS.some((field) => issueOf(field) !== undefined);
  return (
    <FormModal
      title={text.dialog.title}
      lead={text.dialog.lead}
      action={common.add}
      isBusy={adding.isPending}
      problem={isSaidAtField ? undefined : adding.error}
      submit={submit}
      close={close}
    >
      <Events issueOf={issueOf} />
      <TargetFields target={target} choose={setTarget} issueOf={issueOf} />
    </FormModal>
  );
}

type IssueOf = (field: string) => string | undefined;

function Events({ issueOf }: { readonly issueOf: IssueOf }): ReactNode {
  const { dialog: text } = useText(SETTINGS).hooks;
  return (
    <>
      <Field label={text.name} issue={issueOf('name')} name="name" autoCapitalize="none" required autoFocus />
      <Field
        label={text.events}
        hint={text.eventsHint}
        issue={issueOf('events')}
        name="events"
        autoCapitalize="none"
        required
      />
      <Field
        label={text.machines}
        hint={text.machinesHint}
        issue={issueOf('machines')}
        name="machines"
        autoCapitalize="none"
      />
    </>
  );
}

interface TargetFieldsProps {
  readonly target: Target;
  readonly choose: (target: Target) => void;
  readonly issueOf: IssueOf;
}

function TargetFields({ target, choose, issueOf }: TargetFieldsProps): ReactNode {
  const { dialog: text } = useText(SETTINGS).hooks;
  return (
    <>
      <Choice
        label={text.target}
        value={target}
        onChange={({ target: { value } }) => choose(value === 'argv' ? 'argv' : 'url')}
      >
        <option value="url">{text.ofServer}</option>
        <option value="argv">{text.ofProgram}</option>
      </Choice>
      {target === 'url' ? (
        <Field
          key="url"
          label={text.url}
          issue={issueOf('url')}
          name="url"
          autoCapitalize="none"
          placeholder="https://"
          required
        />
      ) : (
        <Area
          key="argv"
          label={text.argv}
          hint={text.argvHint}
          issue={issueOf('argv')}
          name="argv"
          required
        />
      )}
      <Field
        label={text.secret}
        hint={target === 'url' ? text.secretOfServer : text.secretOfProgram}
        issue={issueOf('secret')}
        name="secret"
        type="password"
        autoComplete="new-password"
      />
    </>
  );
}
