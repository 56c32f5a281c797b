import { type ReactNode, type Ref, useId, useRef } from 'react';
import type { Answer, AskProblem } from '../../data/client.ts';
import { useAdding, useThing } from '../../data/queries.ts';
import { useCarefulChange } from '../../data/use-careful-change.ts';
import { useFormBase } from '../../data/use-form-base.ts';
import { Button } from '../../parts/button.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Choice, Field } from '../../parts/field.tsx';
import { Form, textOf } from '../../parts/form.tsx';
import { Modal } from '../../parts/modal.tsx';
import { SaveNotes } from '../../parts/save-notes.tsx';
import { COMMON } from '../../parts/text.ts';
import { tellDone } from '../../parts/toasts.tsx';
import { useText } from '../../text/language.tsx';
import { inputOf, LOADERS, rangesText } from './subnet-input.ts';
import { SUBNETS } from './text.ts';

type Subnet = Answer<'getSubnet'>;

interface SubnetDialogProps {
  /** The one that is changed; left out: a new one. */
  readonly subnet?: Subnet | undefined;
  readonly isOpen: boolean;
  readonly close: (saved?: string) => void;
}

export function SubnetDialog({ subnet, isOpen, close }: SubnetDialogProps): ReactNode {
  if (subnet) return <ChangeSubnet subnet={subnet} isOpen={isOpen} close={close} />;
  return <AddSubnet isOpen={isOpen} close={close} />;
}

const REFRESHED = ['getSubnet', 'listSubnets', 'getStatus', 'listLeases'] as const;

function AddSubnet({ isOpen, close }: Omit<SubnetDialogProps, 'subnet'>): ReactNode {
  const { dialog: text } = useText(SUBNETS);
  const adding = useAdding('putSubnet', REFRESHED);
  const leave = (saved?: string): void => {
    adding.reset();
    close(saved);
  };
  const submit = async (form: FormData): Promise<void> => {
    const name = textOf(form, 'name');
    try {
      await adding.mutateAsync({ params: { name }, input: inputOf(typedIn(form), undefined) });
      tellDone(text.done(name));
      leave(name);
    } catch {
      // What was refused stands in the dialog.
    }
  };
  return (
    <SubnetForm
      title={text.addTitle}
      isOpen={isOpen}
      leave={() => leave()}
      error={adding.error ?? undefined}
      isPending={adding.isPending}
      submit={submit}
    />
  );
}

function ChangeSubnet({
  subnet: { name },
  isOpen,
  close,
}: SubnetDialogProps & { readonly subnet: Subnet }): ReactNode {
  const { dialog: text } = useText(SUBNETS);
  const form = useRef<HTMLFormElement>(null);
  const { data: newest } = useThing('getSubnet', { params: { name } }, { enabled: isOpen });
  const base = useFormBase(newest);
  const saving = useCarefulChange('putSubnet', { get: 'getSubnet', refreshes: REFRESHED });
  const leave = (saved?: string): void => {
    saving.reset();
    base.release();
    close(saved);
  };
  const save = async (typed: FormData, was = base.was): Promise<void> => {
    if (!was) return;
    const input = inputOf(typedIn(typed), was.thing);
    if (!(await saving.save({ params: { name }, input }, was))) return;
    tellDone(text.done(name));
    leave(name);
  };
  if (!base.was) return null;
  return (
    <SubnetForm
      title={text.changeTitle(name)}
      lead={text.lead}
      subnet={base.was.thing}
      isOpen={isOpen}
      leave={() => leave()}
      error={saving.error}
      isPending={saving.isPending}
      submit={save}
      form={form}
      hold={base.hold}
      version={base.version}
    >
      {saving.meanwhile && (
        <SaveNotes
          saving={saving}
          takeTheirs={base.take}
          writeMine={async (theirs) => {
            if (form.current) await save(new FormData(form.current), theirs);
          }}
        />
      )}
    </SubnetForm>
  );
}

interface SubnetFormProps {
  readonly title: string;
  readonly lead?: string;
  readonly subnet?: Subnet;
  readonly isOpen: boolean;
  readonly leave: () => void;
  readonly error: AskProblem | undefined;
  readonly isPending: boolean;
  readonly submit: (form: FormData) => Promise<void>;
  readonly form?: Ref<HTMLFormElement>;
  readonly hold?: () => void;
  readonly version?: number;
  readonly children?: ReactNode;
}

function SubnetForm(props: SubnetFormProps): ReactNode {
  const { title, lead, subnet, isOpen, leave, error, isPending, submit, form, hold, children } = props;
  const { dialog: text } = useText(SUBNETS);
  const common = useText(COMMON);
  const formId = useId();
  const issues = error?.issues ?? [];
  const issueOf = (field: string): string | undefined =>
    issues.find(({ path }) => path.split(/[.[]/)[0] === field)?.message;
  const isSaidAtField = issues.some(({ path }) => FIELDS.includes(path.split(/[.[]/)[0] ?? ''));
  return (
    <Modal
      title={title}
      lead={lead}
      isOpen={isOpen}
      close={leave}
      actions={
        <>
          <Button onClick={leave}>{common.cancel}</Button>
          <Button look="main" type="submit" form={formId} disabled={isPending}>
            {common.save}
          </Button>
        </>
      }
    >
      <Form
        id={formId}
        submit={submit}
        className="flex flex-col gap-4"
        {...(form ? { ref: form } : {})}
        {...(hold ? { onInput: hold } : {})}
      >
        {!subnet && <Field label={text.name} issue={issueOf('name')} name="name" required autoFocus />}
        <SubnetFields key={props.version} subnet={subnet} issueOf={issueOf} />
        {error && !isSaidAtField && <ErrorState problem={error} />}
        {children}
      </Form>
    </Modal>
  );
}

const FIELDS: readonly string[] = ['name', 'network', 'ranges', 'routers', 'dnsServers', 'domainName'];

interface SubnetFieldsProps {
  readonly subnet: Subnet | undefined;
  readonly issueOf: (field: string) => string | undefined;
}

function SubnetFields({ subnet, issueOf }: SubnetFieldsProps): ReactNode {
  const { dialog: text, modes } = useText(SUBNETS);
  return (
    <>
      <Field
        label={text.network}
        hint={text.networkHint}
        issue={issueOf('network')}
        name="network"
        defaultValue={subnet?.network}
        required
      />
      <Choice label={text.mode} name="mode" defaultValue={subnet?.mode ?? 'full'}>
        {Object.entries(modes).map(([mode, words]) => (
          <option key={mode} value={mode}>
            {words}
          </option>
        ))}
      </Choice>
      <Field
        label={text.ranges}
        hint={text.rangesHint}
        issue={issueOf('ranges')}
        name="ranges"
        defaultValue={subnet && rangesText(subnet.ranges)}
      />
      <Field
        label={text.routers}
        hint={text.severalHint}
        issue={issueOf('routers')}
        name="routers"
        defaultValue={subnet?.routers.join(' ')}
      />
      <Field
        label={text.dns}
        hint={text.severalHint}
        issue={issueOf('dnsServers')}
        name="dnsServers"
        defaultValue={subnet?.dnsServers.join(' ')}
      />
      <Field
        label={text.domain}
        issue={issueOf('domainName')}
        name="domainName"
        defaultValue={subnet?.domainName}
      />
      <Choice label={text.loader} name="loader" defaultValue={subnet?.loader ?? ''}>
        <option value="">{text.anyLoader}</option>
        {LOADERS.map((loader) => (
          <option key={loader}>{loader}</option>
        ))}
      </Choice>
    </>
  );
}

function typedIn(form: FormData): Parameters<typeof inputOf>[0] {
  return {
    network: textOf(form, 'network'),
    mode: textOf(form, 'mode'),
    ranges: textOf(form, 'ranges'),
    routers: textOf(form, 'routers'),
    dnsServers: textOf(form, 'dnsServers'),
    domainName: textOf(form, 'domainName'),
    loader: textOf(form, 'loader'),
  };
}
