import type { ReactNode } from 'react';
import type { Asked } from '../../data/client.ts';
import { useChange } from '../../data/queries.ts';
import { Choice, Field } from '../../parts/field.tsx';
import { FormModal } from '../../parts/form-modal.tsx';
import { textOf } from '../../parts/form.tsx';
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
    <FormModal
      title={text.title}
      lead={text.lead}
      action={common.add}
      isBusy={adding.isPending}
      problem={isSaidAtField ? undefined : adding.error}
      submit={submit}
      close={close}
    >
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
    </FormModal>
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
