import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useId } from 'react';
import { useAdding, useRoute } from '../../data/queries.ts';
import { Button } from '../../parts/button.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Choice, Field } from '../../parts/field.tsx';
import { Form, textOf } from '../../parts/form.tsx';
import { Modal } from '../../parts/modal.tsx';
import { COMMON } from '../../parts/text.ts';
import { tellDone } from '../../parts/toasts.tsx';
import { useText } from '../../text/language.tsx';
import { PROFILES } from './text.ts';

interface AddProfileProps {
  readonly isOpen: boolean;
  readonly close: () => void;
}

/** A name and an image; all else is said on its own page. */
export function AddProfile({ isOpen, close }: AddProfileProps): ReactNode {
  const { dialog: text, add } = useText(PROFILES);
  const common = useText(COMMON);
  const formId = useId();
  const navigate = useNavigate();
  const { data: images } = useRoute('listImages', {});
  const adding = useAdding('putProfile', ['listProfiles', 'getStatus']);
  const leave = (): void => {
    adding.reset();
    close();
  };
  const submit = async (form: FormData): Promise<void> => {
    const name = textOf(form, 'name');
    try {
      await adding.mutateAsync({ params: { name }, input: { image: textOf(form, 'image') } });
      tellDone(text.done(name));
      leave();
      await navigate({ to: '/profiles/$profile', params: { profile: name } });
    } catch {
      // What was refused stands in the dialog.
    }
  };
  const issue = adding.error?.issues.find(({ path }) => path === 'name')?.message;
  return (
    <Modal
      title={add}
      lead={text.lead}
      isOpen={isOpen}
      close={leave}
      actions={
        <>
          <Button onClick={leave}>{common.cancel}</Button>
          <Button look="main" type="submit" form={formId} disabled={adding.isPending}>
            {common.add}
          </Button>
        </>
      }
    >
      <Form id={formId} submit={submit} className="flex flex-col gap-4">
        <Field label={text.name} issue={issue} name="name" required autoFocus />
        <Choice label={text.image} name="image" required>
          {images?.items.map(({ name, title }) => (
            <option key={name} value={name}>{`${name} (${title})`}</option>
          ))}
        </Choice>
        {adding.error && issue === undefined && <ErrorState problem={adding.error} />}
      </Form>
    </Modal>
  );
}
