import { type ReactNode, useId } from 'react';
import type { Asked } from '../../data/client.ts';
import { useChange } from '../../data/queries.ts';
import { Button } from '../../parts/button.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Choice, Field } from '../../parts/field.tsx';
import { Form, textOf } from '../../parts/form.tsx';
import { Modal } from '../../parts/modal.tsx';
import { COMMON } from '../../parts/text.ts';
import { tellDone } from '../../parts/toasts.tsx';
import { useText } from '../../text/language.tsx';
import { MIRRORS } from './mirror-text.ts';

type MirrorInput = NonNullable<Asked<'addMirror'>['input']>;

const KINDS = ['any', 'debian', 'rpm'] as const;
const GIBIBYTE = 1024 ** 3;
const FIELDS: readonly string[] = ['name', 'url', 'maxBytes'];

export function MirrorDialog({ close }: { readonly close: () => void }): ReactNode {
  const { dialog: text, kinds } = useText(MIRRORS);
  const common = useText(COMMON);
  const formId = useId();
  const adding = useChange('addMirror', ['listMirrors']);
  const submit = async (form: FormData): Promise<void> => {
    const input = mirrorFrom((field) => textOf(form, field));
    try {
      await adding.mutateAsync({ input });
      tellDone(text.done(input.name));
      close();
    } catch {
      // What was refused stands in the dialog.
    }
  };
  const issueOf = (field: string): string | undefined =>
    adding.error?.issues.find(({ path }) => path === field)?.message;
  const isSaidAtField = FIELDS.some((field) => issueOf(field) !== undefined);
  return (
    <Modal
      title={text.title}
      lead={text.lead}
      isOpen
      close={close}
      actions={
        <>
          <Button onClick={close}>{common.cancel}</Button>
          <Button look="main" type="submit" form={formId} disabled={adding.isPending}>
            {common.add}
          </Button>
        </>
      }
    >
      <Form id={formId} submit={submit} className="flex flex-col gap-4">
        <Field
          label={text.name}
          hint={text.nameHint}
          issue={issueOf('name')}
          name="name"
          autoCapitalize="none"
          required
          autoFocus
        />
        <Field label={text.url} issue={issueOf('url')} name="url" autoCapitalize="none" required />
        <Choice label={text.kind} name="kind">
          {KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {kinds[kind]}
            </option>
          ))}
        </Choice>
        <Field
          label={text.maximum}
          hint={text.maximumHint}
          issue={issueOf('maxBytes')}
          name="gibibytes"
          type="number"
          min={1}
        />
        {adding.error && !isSaidAtField && <ErrorState problem={adding.error} />}
      </Form>
    </Modal>
  );
}

function mirrorFrom(read: (field: string) => string): MirrorInput {
  const gibibytes = read('gibibytes');
  return {
    name: read('name'),
    url: read('url'),
    kind: KINDS.find((kind) => kind === read('kind')) ?? 'any',
    ...(gibibytes === '' ? {} : { maxBytes: Math.round(Number(gibibytes) * GIBIBYTE) }),
  };
}
