import { type ReactNode, useId } from 'react';
import type { AskProblem } from '../data/client.ts';
import { useText } from '../text/language.tsx';
import { Button } from './button.tsx';
import { ErrorState } from './error-state.tsx';
import { Form } from './form.tsx';
import { Modal } from './modal.tsx';
import { COMMON } from './text.ts';

interface FormModalProps {
  readonly title: string;
  readonly lead?: string;
  /** What its main button says. */
  readonly action: string;
  readonly isBusy: boolean;
  /** A refusal that stands at none of its fields. */
  readonly problem: AskProblem | null | undefined;
  readonly submit: (form: FormData) => Promise<void>;
  readonly close: () => void;
  readonly children: ReactNode;
}

/** A dialog to fill in; it stays open, with what was typed, where it is refused. */
export function FormModal(props: FormModalProps): ReactNode {
  const { title, lead, action, isBusy, problem, submit, close, children } = props;
  const common = useText(COMMON);
  const formId = useId();
  return (
    <Modal
      title={title}
      lead={lead}
      isOpen
      close={close}
      actions={
        <>
          <Button onClick={close}>{common.cancel}</Button>
          <Button look="main" type="submit" form={formId} disabled={isBusy}>
            {action}
          </Button>
        </>
      }
    >
      <Form id={formId} submit={submit} className="flex flex-col gap-4">
        {children}
        {problem && <ErrorState problem={problem} />}
      </Form>
    </Modal>
  );
}
