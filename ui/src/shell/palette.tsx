import { Dialog } from '@base-ui/react/dialog';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { Icon } from '../parts/icon.tsx';
import { useText } from '../text/language.tsx';
import { SHELL } from './text.ts';

const PaletteList = lazy(() => import('./palette-list.tsx'));
const SHORTCUT = navigator.userAgent.includes('Mac') ? '⌘K' : 'Ctrl K';

/** Everything by its name: Ctrl or Cmd and K. */
export function PaletteButton(): ReactNode {
  const text = useText(SHELL);
  const [isOpen, setOpen] = useState(false);
  useShortcut(() => setOpen((open) => !open));
  return (
    <Dialog.Root open={isOpen} onOpenChange={setOpen}>
      <Dialog.Trigger className="flex h-8 items-center gap-2 rounded-md border border-line-strong bg-page px-2 text-dim hover:text-text narrow:h-11">
        <Icon name="search" />
        <span className="flex-1 text-left">{text.palette.open}</span>
        <kbd className="font-sans text-xs narrow:hidden">{SHORTCUT}</kbd>
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 bg-[#000]/50" />
        <Dialog.Popup
          aria-label={text.palette.label}
          className="fixed top-[12vh] left-1/2 flex max-h-[70vh] w-[36rem] max-w-[calc(100vw-2rem)] -translate-x-1/2 flex-col overflow-hidden rounded-lg border border-line-strong bg-panel shadow-2xl"
        >
          <Suspense>
            <PaletteList close={() => setOpen(false)} />
          </Suspense>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function useShortcut(run: () => void): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      run();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  });
}
