import { Toast } from '@base-ui/react/toast';
import type { ReactNode } from 'react';
import { AskProblem } from '../data/client.ts';
import { useText } from '../text/language.tsx';
import { Icon } from './icon.tsx';
import { COMMON } from './text.ts';

const manager = Toast.createToastManager<{ readonly tone: 'good' | 'bad' }>();

/** Says that something is done. */
export function tellDone(title: string): void {
  manager.add({ title, data: { tone: 'good' } });
}

/** Says why something was not done; it stays until it is closed. */
export function tellProblem(title: string, error: unknown): void {
  const detail = error instanceof AskProblem ? error.message : String(error);
  manager.add({ title, description: detail, timeout: 0, priority: 'high', data: { tone: 'bad' } });
}

export function Toasts({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <Toast.Provider toastManager={manager}>
      {children}
      <Toast.Portal>
        <Toast.Viewport className="fixed right-4 bottom-4 flex w-96 max-w-[calc(100vw-2rem)] flex-col gap-2">
          <ToastList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function ToastList(): ReactNode {
  const { toasts } = Toast.useToastManager<{ readonly tone: 'good' | 'bad' }>();
  const text = useText(COMMON);
  return toasts.map((toast) => {
    const isBad = toast.data?.tone === 'bad';
    return (
      <Toast.Root
        key={toast.id}
        toast={toast}
        className="rounded-lg border border-line-strong bg-panel p-3 shadow-xl transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0"
      >
        <Toast.Content className="flex items-start gap-2.5">
          <Icon name={isBad ? 'warning' : 'check'} className={`mt-0.5 ${isBad ? 'text-bad' : 'text-good'}`} />
          <div className="min-w-0 flex-1">
            <Toast.Title className="font-medium" />
            <Toast.Description className="break-words text-dim" />
          </div>
          <Toast.Close
            aria-label={text.close}
            className="inline-flex size-7 narrow:size-11 items-center justify-center rounded-md text-dim hover:bg-raised"
          >
            <Icon name="close" />
          </Toast.Close>
        </Toast.Content>
      </Toast.Root>
    );
  });
}
