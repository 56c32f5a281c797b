import { type ReactNode, useId } from 'react';
import { useChange, useRoute } from '../../data/queries.ts';
import { useMay, useSession } from '../../data/session.tsx';
import { Button } from '../../parts/button.tsx';
import { Command } from '../../parts/command.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Choice, Field } from '../../parts/field.tsx';
import { Form, textOf } from '../../parts/form.tsx';
import { Modal } from '../../parts/modal.tsx';
import { COMMON } from '../../parts/text.ts';
import { useText } from '../../text/language.tsx';
import { USERS } from './text.ts';
import { ROLES } from './user-actions.tsx';

const SECONDS_OF_A_DAY = 86_400;

/** Makes a token, and then shows its secret in the same place: only there it is ever seen. */
export function AddToken({ close }: { readonly close: () => void }): ReactNode {
  const { tokens: text } = useText(USERS);
  const common = useText(COMMON);
  const formId = useId();
  const adding = useChange('addToken', ['listTokens']);
  const submit = async (form: FormData): Promise<void> => {
    await adding.mutateAsync({ input: inputOf(form) }).catch(() => undefined);
  };
  if (adding.data)
    return (
      <Modal
        title={text.secretTitle}
        lead={text.secretLead}
        isOpen
        close={close}
        actions={<Button onClick={close}>{common.close}</Button>}
      >
        <Command>{adding.data.secret}</Command>
      </Modal>
    );
  return (
    <Modal
      title={text.add}
      lead={text.lead}
      isOpen
      close={close}
      actions={
        <>
          <Button onClick={close}>{common.cancel}</Button>
          <Button look="main" type="submit" form={formId} disabled={adding.isPending}>
            {text.add}
          </Button>
        </>
      }
    >
      <Form id={formId} submit={submit} className="flex flex-col gap-4">
        <TokenFields />
        {adding.error && <ErrorState problem={adding.error} />}
      </Form>
    </Modal>
  );
}

function TokenFields(): ReactNode {
  const { tokens: text, roles, roleText, role } = useText(USERS);
  const isForOthers = useMay('listUsers');
  const { session } = useSession();
  const { data: users } = useRoute('listUsers', {}, { enabled: isForOthers });
  const own = session.is === 'known' ? session.who : '';
  return (
    <>
      <Field label={text.what} name="title" required autoFocus />
      {isForOthers && users && (
        <Choice label={text.columns.user} name="user" defaultValue={own}>
          {users.items.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </Choice>
      )}
      <Choice label={role} name="role">
        {ROLES.map((one) => (
          <option key={one} value={one}>{`${roles[one]}: ${roleText[one]}`}</option>
        ))}
      </Choice>
      <Field label={text.only} hint={text.onlyHint} name="only" autoCapitalize="none" />
      <Field label={text.days} hint={text.daysHint} name="days" type="number" min={1} max={3660} />
    </>
  );
}

function inputOf(form: FormData) {
  const only = textOf(form, 'only')
    .split(/[\s,]+/)
    .filter((word) => word !== '');
  const days = Number(textOf(form, 'days'));
  const user = textOf(form, 'user');
  return {
    title: textOf(form, 'title'),
    role: ROLES.find((one) => one === textOf(form, 'role')) ?? ROLES[0],
    ...(user === '' ? {} : { user }),
    ...(only.length === 0 ? {} : { only }),
    ...(days > 0 ? { expiresSeconds: days * SECONDS_OF_A_DAY } : {}),
  };
}
