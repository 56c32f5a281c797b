import { Dialog } from '@base-ui/react/dialog';
import { type ReactNode, useState } from 'react';
import { IconButton } from '../parts/button.tsx';
import { useText } from '../text/language.tsx';
import { Mark, SidebarParts } from './sidebar.tsx';
import { SHELL } from './text.ts';

/** Where there is no room for the sidebar: a bar above the page, and the sidebar in a menu. */
export function NarrowBar(): ReactNode {
  const text = useText(SHELL);
  const [isOpen, setOpen] = useState(false);
  return (
    <header className="hidden items-center gap-2 border-b bg-panel px-3 py-1 narrow:flex">
      <Dialog.Root open={isOpen} onOpenChange={setOpen}>
        <Dialog.Trigger render={<IconButton icon="menu" label={text.openMenu} />} />
        <Dialog.Portal>
          <Dialog.Backdrop className="fixed inset-0 bg-[#000]/50" />
          <Dialog.Popup
            aria-label={text.pages}
            className="fixed inset-y-0 left-0 flex w-72 max-w-[85vw] flex-col gap-4 border-r bg-panel p-3"
          >
            <SidebarParts onGo={() => setOpen(false)} />
          </Dialog.Popup>
        </Dialog.Portal>
      </Dialog.Root>
      <Mark />
      <span className="text-lg font-semibold tracking-tight">Muster</span>
    </header>
  );
}
