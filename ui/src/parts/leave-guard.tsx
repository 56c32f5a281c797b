import { useBlocker } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useText } from '../text/language.tsx';
import { Button } from './button.tsx';
import { Modal } from './modal.tsx';
import { COMMON } from './text.ts';

/** Asks before what was changed is lost, on the page and where the window is closed. */
export function LeaveGuard({ isDirty }: { readonly isDirty: boolean }): ReactNode {
  const { leave: text } = useText(COMMON);
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: () => isDirty,
    enableBeforeUnload: () => isDirty,
    withResolver: true,
  });
  return (
    <Modal
      title={text.title}
      isOpen={status === 'blocked'}
      close={() => reset?.()}
      actions={
        <>
          <Button look="danger" onClick={() => proceed?.()}>
            {text.go}
          </Button>
          <Button look="main" onClick={() => reset?.()}>
            {text.stay}
          </Button>
        </>
      }
    >
      {text.text}
    </Modal>
  );
}
