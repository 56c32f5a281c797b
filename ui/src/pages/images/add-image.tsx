import { type ReactNode, useId } from 'react';
import { useChange } from '../../data/queries.ts';
import { Button } from '../../parts/button.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Field } from '../../parts/field.tsx';
import { Form, textOf } from '../../parts/form.tsx';
import { Modal } from '../../parts/modal.tsx';
import { COMMON } from '../../parts/text.ts';
import { tellDone } from '../../parts/toasts.tsx';
import { useText } from '../../text/language.tsx';
import { IMAGES } from './text.ts';

interface AddImageProps {
  readonly isOpen: boolean;
  readonly close: () => void;
}

/** By URL, which the server loads, or by a path on the server. */
export function AddImage({ isOpen, close }: AddImageProps): ReactNode {
  const { add: text } = useText(IMAGES);
  const common = useText(COMMON);
  const formId = useId();
  const adding = useChange('addImage', ['listImages']);
  const loading = useChange('addArrival', ['listArrivals']);
  const problem = adding.error ?? loading.error;
  const leave = (): void => {
    adding.reset();
    loading.reset();
    close();
  };
  const submit = async (form: FormData): Promise<void> => {
    const source = textOf(form, 'source');
    const chosen = chosenBy(form);
    try {
      if (/^[a-z][a-z\d+.-]*:\/\//i.test(source)) {
        const { name } = await loading.mutateAsync({ input: { url: source, ...chosen } });
        tellDone(text.begun(name));
      } else {
        const { name, title } = await adding.mutateAsync({ input: { folder: source, ...chosen } });
        tellDone(text.added(name, title));
      }
      leave();
    } catch {
      // What was refused stands in the dialog.
    }
  };
  const issueOf = (...fields: readonly string[]): string | undefined =>
    problem?.issues.find(({ path }) => fields.includes(path))?.message;
  return (
    <Modal
      title={text.title}
      lead={text.lead}
      isOpen={isOpen}
      close={leave}
      actions={
        <>
          <Button onClick={leave}>{common.cancel}</Button>
          <Button look="main" type="submit" form={formId} disabled={adding.isPending || loading.isPending}>
            {common.add}
          </Button>
        </>
      }
    >
      <Form id={formId} submit={submit} className="flex flex-col gap-4">
        <Field
          label={text.source}
          hint={text.sourceHint}
          issue={issueOf('url', 'folder')}
          name="source"
          required
          autoFocus
        />
        <Field label={text.name} hint={text.nameHint} issue={issueOf('name')} name="name" />
        <Field label={text.sha256} hint={text.sha256Hint} issue={issueOf('sha256')} name="sha256" />
        {problem && problem.issues.length === 0 && <ErrorState problem={problem} />}
      </Form>
    </Modal>
  );
}

function chosenBy(form: FormData): { readonly name?: string; readonly sha256?: string } {
  const name = textOf(form, 'name');
  const sha256 = textOf(form, 'sha256');
  return { ...(name === '' ? {} : { name }), ...(sha256 === '' ? {} : { sha256 }) };
}
