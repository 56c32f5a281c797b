import { type ReactNode, useId } from 'react';
import type { AskProblem } from '../data/client.ts';
import { useText } from '../text/language.tsx';
import { Button } from './button.tsx';
import { ErrorState } from './error-state.tsx';
import { Field } from './field.tsx';
import { Form, textOf } from './form.tsx';
import { Modal } from './modal.tsx';
import { COMMON } from './text.ts';

interface AddNamedProps {
  readonly title: string;
  readonly lead: string;
  readonly isOpen: boolean;
  readonly close: () => void;
  /** Adding it, as it stands. */
  readonly adding: {
    readonly error: AskProblem | null;
    readonly isPending: boolean;
    readonly reset: () => void;
  };
  /** @throws AskProblem, which then stands in `adding` as well. */
  readonly add: (name: string, form: FormData) => Promise<void>;
  /** Fields besides the name. */
  readonly children?: ReactNode;
}

/** Asks for the name of a new thing; all else is said on its own page. */
export function AddNamed({ title, lead, isOpen, close, adding, add, children }: AddNamedProps): ReactNode {
  const text = useText(COMMON);
  const formId = useId();
  const leave = (): void => {
    adding.reset();
    close();
  };
  const submit = async (form: FormData): Promise<void> => {
    await add(textOf(form, 'name'), form).then(leave, () => undefined);
  };
  const issue = adding.error?.issues.find(({ path }) => path === 'name')?.message;
  return (
    <Modal
      title={title}
      lead={lead}
      isOpen={isOpen}
      close={leave}
      actions={
        <>
          <Button onClick={leave}>{text.cancel}</Button>
          <Button look="main" type="submit" form={formId} disabled={adding.isPending}>
            {text.add}
          </Button>
        </>
      }
    >
      <Form id={formId} submit={submit} className="flex flex-col gap-4">
        <Field label={text.name} issue={issue} name="name" autoCapitalize="none" required autoFocus />
        {children}
        {adding.error && issue === undefined && <ErrorState problem={adding.error} />}
      </Form>
    </Modal>
  );
}
