import type { ReactNode } from 'react';
import { useChange } from '../../data/queries.ts';
import { useMay } from '../../data/session.tsx';
import { Button } from '../../parts/button.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Form } from '../../parts/form.tsx';
import { Panel } from '../../parts/panel.tsx';
import { COMMON } from '../../parts/text.ts';
import { tellDone } from '../../parts/toasts.tsx';
import { useText } from '../../text/language.tsx';
import type { PolicyChange } from './policy-fields.ts';
import { SETTINGS } from './text.ts';

interface PolicyFormProps {
  readonly title: string;
  readonly text?: string;
  /** What the form asks for. */
  readonly changeOf: (form: FormData) => PolicyChange;
  readonly children: ReactNode;
}

/** One part of the policy; who may not change it sees it, and no button. */
export function PolicyForm({ title, text, changeOf, children }: PolicyFormProps): ReactNode {
  const { policy } = useText(SETTINGS);
  const common = useText(COMMON);
  const may = useMay('changePolicy');
  const changing = useChange('changePolicy', ['getPolicy']);
  const submit = async (form: FormData): Promise<void> => {
    await changing.mutateAsync({ input: changeOf(form) }).then(
      () => tellDone(policy.saved),
      () => undefined,
    );
  };
  return (
    <Panel title={title}>
      <Form submit={submit}>
        <fieldset disabled={!may || changing.isPending} className="flex flex-col gap-4">
          {text !== undefined && <p className="text-dim">{text}</p>}
          {children}
          {changing.error && <ErrorState problem={changing.error} />}
          {may && (
            <Button look="main" type="submit" className="self-start">
              {common.save}
            </Button>
          )}
        </fieldset>
      </Form>
    </Panel>
  );
}
