import type { ReactNode } from 'react';
import { useChange } from '../../data/queries.ts';
import { useSession } from '../../data/session.tsx';
import { Button } from '../../parts/button.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Field } from '../../parts/field.tsx';
import { exactTextOf, Form } from '../../parts/form.tsx';
import { Panel } from '../../parts/panel.tsx';
import { COMMON } from '../../parts/text.ts';
import { tellDone } from '../../parts/toasts.tsx';
import { useText } from '../../text/language.tsx';
import { USERS } from './text.ts';

/** Letters that a new password has at least, as the contract says. */
const MIN_LETTERS = 12;

/** Another password for whoever is logged in. */
export function OwnPassword(): ReactNode {
  const { own: text } = useText(USERS);
  const common = useText(COMMON);
  const { session } = useSession();
  const changing = useChange('changePassword', []);
  const submit = async (form: FormData): Promise<void> => {
    const input = { old: exactTextOf(form, 'old'), new: exactTextOf(form, 'new') };
    await changing.mutateAsync({ input }).then(
      () => tellDone(text.done),
      () => undefined,
    );
  };
  if (session.is !== 'known' || session.by !== 'session') return <p className="text-dim">{text.nobody}</p>;
  return (
    <div className="max-w-lg">
      <Panel title={text.title}>
        <Form submit={submit} className="flex flex-col gap-4">
          <Field label={text.old} name="old" type="password" autoComplete="current-password" required />
          <Field
            label={text.next}
            hint={text.hint}
            name="new"
            type="password"
            autoComplete="new-password"
            minLength={MIN_LETTERS}
            required
          />
          {changing.error && <ErrorState problem={changing.error} />}
          <Button look="main" type="submit" className="self-start" disabled={changing.isPending}>
            {common.save}
          </Button>
        </Form>
      </Panel>
    </div>
  );
}
