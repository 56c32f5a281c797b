import { Dialog } from '@base-ui/react/dialog';
import type { ReactNode } from 'react';
import { useText } from '../text/language.tsx';
import { IconButton } from './button.tsx';
import { COMMON } from './text.ts';

interface ModalProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly isOpen: boolean;
  readonly close: () => void;
  readonly children?: ReactNode;
  /** Buttons, the main one last. */
  readonly actions?: ReactNode;
}

/** A dialog over the page: the keyboard stays in it, Escape closes it, and the focus goes back to where it was. */
export function Modal({ title, lead, isOpen, close, children, actions }: ModalProps): ReactNode {
  const text = useText(COMMON);
  return (
    <Dialog.Root open={isOpen} onOpenChange={(open) => !open && close()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 bg-[#000]/50 transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Dialog.Popup className="fixed top-[12vh] left-1/2 flex max-h-[80vh] w-[32rem] max-w-[calc(100vw-2rem)] -translate-x-1/2 flex-col rounded-lg border border-line-strong bg-panel shadow-2xl transition-opacity duration-100 data-ending-style:opacity-0 data-starting-style:opacity-0">
          <div className="flex items-start gap-3 p-5 pb-0">
            <div className="min-w-0 flex-1">
              <Dialog.Title className="text-lg font-semibold">{title}</Dialog.Title>
              {lead && <Dialog.Description className="mt-1 text-dim">{lead}</Dialog.Description>}
            </div>
            <Dialog.Close render={<IconButton icon="close" label={text.close} className="-mt-1 -mr-1" />} />
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto p-5">{children}</div>
          {actions && <div className="flex flex-wrap justify-end gap-2 border-t p-4">{actions}</div>}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
