import { Dialog } from '@base-ui/react/dialog';
import { type ComponentType, lazy, type ReactNode, Suspense, useEffect, useSyncExternalStore } from 'react';
import { Listeners } from '../data/listeners.ts';
import { Icon } from '../parts/icon.tsx';
import { useText } from '../text/language.tsx';
import { SHELL } from './text.ts';

export interface PaletteListProps {
  /** Is done when the palette is gone. */
  readonly choose: (run: () => void) => void;
  /** Letters that were typed before there was a field to type into. */
  readonly takeEarly: () => string;
}

/** Once it is there: what is lazy is drawn a moment after the rest, and letters that are typed by then are lost. */
let LoadedList: ComponentType<PaletteListProps> | undefined;
const loadList = async () => {
  const list = await import('./palette-list.tsx');
  LoadedList = list.default;
  return list;
};
const LazyList = lazy(loadList);
const SHORTCUT = navigator.userAgent.includes('Mac') ? '⌘K' : 'Ctrl K';

const changes = new Listeners<void>();
let isOpen = false;

function showPalette(open: boolean): void {
  isOpen = open;
  early = '';
  changes.tell();
}

let early = '';

function takeEarly(): string {
  const letters = early;
  early = '';
  return letters;
}

/** Is done when the palette is gone: two dialogs at one time would both want the keys. */
let chosen: (() => void) | undefined;

function choose(run: () => void): void {
  chosen = run;
  showPalette(false);
}

function doChosen(isShown: boolean): void {
  if (isShown) return;
  const run = chosen;
  chosen = undefined;
  run?.();
}

/** Everything by its name: Ctrl or Cmd and K. Once in the page, whoever opens it. */
export function Palette(): ReactNode {
  const text = useText(SHELL);
  const open = useSyncExternalStore(
    (listener) => changes.add(listener),
    () => isOpen,
  );
  useShortcut();
  const List = LoadedList ?? LazyList;
  return (
    <Dialog.Root open={open} onOpenChange={showPalette} onOpenChangeComplete={doChosen}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 bg-[#000]/50" />
        <Dialog.Popup
          aria-label={text.palette.label}
          className="fixed top-[12vh] left-1/2 flex max-h-[70vh] w-[36rem] max-w-[calc(100vw-2rem)] -translate-x-1/2 flex-col overflow-hidden rounded-lg border border-line-strong bg-panel shadow-2xl"
        >
          <Suspense>
            <List choose={choose} takeEarly={takeEarly} />
          </Suspense>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

export function PaletteButton(): ReactNode {
  const text = useText(SHELL);
  return (
    <button
      type="button"
      onClick={() => showPalette(true)}
      className="flex h-8 items-center gap-2 rounded-md border border-line-strong bg-page px-2 text-dim hover:text-text narrow:h-11"
    >
      <Icon name="search" />
      <span className="flex-1 text-left">{text.palette.open}</span>
      <kbd className="font-sans text-xs narrow:hidden">{SHORTCUT}</kbd>
    </button>
  );
}

function isLetterBeforeInput({ key, ctrlKey, metaKey, altKey, target }: KeyboardEvent): boolean {
  return (
    isOpen && key.length === 1 && !ctrlKey && !metaKey && !altKey && !(target instanceof HTMLInputElement)
  );
}

function useShortcut(): void {
  useEffect(() => {
    void loadList();
    const listen = (event: KeyboardEvent): void => {
      if (isLetterBeforeInput(event)) early += event.key;
      else if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return;
      else showPalette(!isOpen);
      event.preventDefault();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}
