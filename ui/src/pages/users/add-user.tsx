import { type ReactNode, useId } from 'react';
import { useChange } from '../../data/queries.ts';
import { Button } from '../../parts/button.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Choice, Field } from '../../parts/field.tsx';
import { Form, textOf } from '../../parts/form.tsx';
import { Modal } from '../../parts/modal.tsx';
import { COMMON } from '../../parts/text.ts';
import { tellDone } from '../../parts/toasts.tsx';
import { useText } from '../../text/language.tsx';
import type { ShownLink } from './link-dialog.tsx';
import { USERS } from './text.ts';
import { ROLES } from './user-actions.tsx';

interface AddUserProps {
  readonly close: () => void;
  readonly showLink: (link: ShownLink) => void;
}

/** A name and a role; the link with which the password is set comes at once. */
export function AddUser({ close, showLink }: AddUserProps): ReactNode {
  const text = useText(USERS);
  const common = useText(COMMON);
  const formId = useId();
  const adding = useChange('addUser', ['listUsers', 'getSession']);
  const linking = useChange('makeLoginLink', ['listUsers']);
  const problem = adding.error ?? linking.error;
  const submit = async (form: FormData): Promise<void> => {
    const name = textOf(form, 'name');
    const role = ROLES.find((one) => one === textOf(form, 'role')) ?? 'viewer';
    try {
      await adding.mutateAsync({ input: { name, role } });
      tellDone(text.added(name));
      showLink({ name, ...(await linking.mutateAsync({ params: { name } })) });
      close();
    } catch {
      // Shown in the form as `problem`.
    }
  };
  return (
    <Modal
      title={text.add}
      lead={text.noUsers.text}
      isOpen
      close={close}
      actions={
        <>
          <Button onClick={close}>{common.cancel}</Button>
          <Button look="main" type="submit" form={formId} disabled={adding.isPending || linking.isPending}>
            {text.add}
          </Button>
        </>
      }
    >
      <Form id={formId} submit={submit} className="flex flex-col gap-4">
        <Field label={text.name} name="name" autoCapitalize="none" autoComplete="off" required autoFocus />
        <Choice label={text.role} name="role">
          {ROLES.map((one) => (
            <option key={one} value={one}>
              {`${text.roles[one]}: ${text.roleText[one]}`}
            </option>
          ))}
        </Choice>
        {problem && <ErrorState problem={problem} />}
      </Form>
    </Modal>
  );
}
