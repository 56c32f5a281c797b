import { type ReactNode, useId } from 'react';
import type { Answer } from '../../data/client.ts';
import { useChange } from '../../data/queries.ts';
import { Button } from '../../parts/button.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Choice, Field } from '../../parts/field.tsx';
import { Form, textOf } from '../../parts/form.tsx';
import { Modal } from '../../parts/modal.tsx';
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
  const { dialog: text } = useText(SUBNETS);
  const common = useText(COMMON);
  const formId = useId();
  const saving = useChange('putSubnet', ['listSubnets', 'getStatus', 'listLeases']);
  const leave = (saved?: string): void => {
    saving.reset();
    close(saved);
  };
  const submit = async (form: FormData): Promise<void> => {
    const name = subnet?.name ?? textOf(form, 'name');
    try {
      await saving.mutateAsync({ params: { name }, input: inputOf(typedIn(form), subnet) });
      tellDone(text.done(name));
      leave(name);
    } catch {
      // What was refused stands in the dialog.
    }
  };
  const issues = saving.error?.issues ?? [];
  const issueOf = (field: string): string | undefined =>
    issues.find(({ path }) => path.split(/[.[]/)[0] === field)?.message;
  const isSaidAtField = issues.some(({ path }) => FIELDS.includes(path.split(/[.[]/)[0] ?? ''));
  return (
    <Modal
      title={subnet ? text.changeTitle(subnet.name) : text.addTitle}
      lead={subnet && text.lead}
      isOpen={isOpen}
      close={() => leave()}
      actions={
        <>
          <Button onClick={() => leave()}>{common.cancel}</Button>
          <Button look="main" type="submit" form={formId} disabled={saving.isPending}>
            {common.save}
          </Button>
        </>
      }
    >
      <Form id={formId} submit={submit} className="flex flex-col gap-4">
        {!subnet && <Field label={text.name} issue={issueOf('name')} name="name" required autoFocus />}
        <SubnetFields subnet={subnet} issueOf={issueOf} />
        {saving.error && !isSaidAtField && <ErrorState problem={saving.error} />}
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
