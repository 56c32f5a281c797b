import { Fragment, type ReactNode, useRef } from 'react';
import { partOf } from '../../data/part-of.ts';
import { useThing } from '../../data/queries.ts';
import { useMay } from '../../data/session.tsx';
import { useCarefulChange } from '../../data/use-careful-change.ts';
import { useFormBase } from '../../data/use-form-base.ts';
import { Button } from '../../parts/button.tsx';
import { Form } from '../../parts/form.tsx';
import { Panel } from '../../parts/panel.tsx';
import { SaveNotes } from '../../parts/save-notes.tsx';
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
  const form = useRef<HTMLFormElement>(null);
  const { data: newest } = useThing('getPolicy', {});
  const base = useFormBase(newest);
  const sent = useRef<PolicyChange>({});
  const saving = useCarefulChange('changePolicy', {
    get: 'getPolicy',
    refreshes: ['getPolicy'],
    fieldsOf: (thing) => partOf(sent.current, thing),
  });
  const save = async (typed: FormData, was = base.was): Promise<void> => {
    if (!was) return;
    sent.current = changeOf(typed);
    if (!(await saving.save({ input: sent.current }, was))) return;
    base.release();
    tellDone(policy.saved);
  };
  return (
    <Panel title={title}>
      <Form submit={save} ref={form} onInput={base.hold}>
        <fieldset disabled={!may || saving.isPending || !base.was} className="flex flex-col gap-4">
          {text !== undefined && <p className="text-dim">{text}</p>}
          <Fragment key={base.version}>{children}</Fragment>
          <SaveNotes
            saving={saving}
            takeTheirs={base.take}
            writeMine={async (theirs) => {
              if (form.current) await save(new FormData(form.current), theirs);
            }}
          />
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
