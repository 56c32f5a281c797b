import { type ReactNode, useId } from 'react';
import { pairsFrom } from '../../data/pairs.ts';
import { useChange } from '../../data/queries.ts';
import { Button } from '../../parts/button.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Field } from '../../parts/field.tsx';
import { Form, textOf } from '../../parts/form.tsx';
import { Modal } from '../../parts/modal.tsx';
import { COMMON } from '../../parts/text.ts';
import { tellDone } from '../../parts/toasts.tsx';
import { useText } from '../../text/language.tsx';
import { MACHINES } from './text.ts';

interface AddMachineProps {
  readonly isOpen: boolean;
  readonly close: () => void;
}

/** What is refused says at which field; the server alone knows what fits. */
export function AddMachine({ isOpen, close }: AddMachineProps): ReactNode {
  const { dialog, add } = useText(MACHINES);
  const common = useText(COMMON);
  const formId = useId();
  const adding = useChange('addMachine', ['listMachines', 'getStatus']);
  const leave = (): void => {
    adding.reset();
    close();
  };
  const submit = async (form: FormData): Promise<void> => {
    const name = textOf(form, 'name');
    const input = { name, macs: wordsOf(form, 'macs'), labels: pairsFrom(textOf(form, 'labels')) };
    try {
      await adding.mutateAsync({ input });
      tellDone(dialog.done(name));
      leave();
    } catch {
      // What was refused stands in the dialog.
    }
  };
  const issueOf = (field: string): string | undefined =>
    adding.error?.issues.find(({ path }) => path === field || path.startsWith(`${field}[`))?.message;
  return (
    <Modal
      title={dialog.title}
      lead={dialog.lead}
      isOpen={isOpen}
      close={leave}
      actions={
        <>
          <Button onClick={leave}>{common.cancel}</Button>
          <Button look="main" type="submit" form={formId} disabled={adding.isPending}>
            {add}
          </Button>
        </>
      }
    >
      <Form id={formId} submit={submit} className="flex flex-col gap-4">
        <Field
          label={dialog.name}
          hint={dialog.nameHint}
          issue={issueOf('name')}
          name="name"
          required
          autoFocus
        />
        <Field label={dialog.macs} hint={dialog.macsHint} issue={issueOf('macs')} name="macs" />
        <Field label={dialog.labels} hint={dialog.labelsHint} issue={issueOf('labels')} name="labels" />
        {adding.error && adding.error.issues.length === 0 && <ErrorState problem={adding.error} />}
      </Form>
    </Modal>
  );
}

function wordsOf(form: FormData, name: string): string[] {
  return textOf(form, name)
    .split(/[\s,]+/)
    .filter((word) => word !== '');
}
