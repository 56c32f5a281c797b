import type { ReactNode } from 'react';
import type { Answer } from '../../data/client.ts';
import { Button } from '../../parts/button.tsx';
import { Command } from '../../parts/command.tsx';
import { Modal } from '../../parts/modal.tsx';
import { COMMON } from '../../parts/text.ts';
import { useFormat, useText } from '../../text/language.tsx';
import { USERS } from './text.ts';

export type ShownLink = Answer<'makeLoginLink'> & { readonly name: string };

interface LinkDialogProps {
  readonly link: ShownLink;
  readonly close: () => void;
}

/** A link for one time, whole, to be copied. */
export function LinkDialog({ link: { name, path, expiresAt }, close }: LinkDialogProps): ReactNode {
  const { link: text } = useText(USERS);
  const common = useText(COMMON);
  const format = useFormat();
  return (
    <Modal
      title={text.title(name)}
      lead={text.lead}
      isOpen
      close={close}
      actions={<Button onClick={close}>{common.close}</Button>}
    >
      <Command>{`${window.location.origin}${path}`}</Command>
      <p className="mt-3 text-dim">{text.until(format.dateTime(expiresAt))}</p>
    </Modal>
  );
}
