import { type ReactNode, useState } from 'react';
import { useText } from '../text/language.tsx';
import { Icon } from './icon.tsx';
import { COMMON } from './text.ts';
import { tellProblem } from './toasts.tsx';

/** A command to type, as it stands, with a button that copies it. */
export function Command({ children }: { readonly children: string }): ReactNode {
  const text = useText(COMMON);
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    try {
      // Browsers give it to pages over TLS, and of this computer, only.
      await navigator.clipboard.writeText(children);
      setCopied(true);
    } catch (error) {
      tellProblem(text.notCopied, error);
    }
  };
  return (
    <span className="inline-flex max-w-full items-center gap-2 rounded-md border bg-page py-1 pr-1 pl-2.5 font-mono text-sm">
      <code className="min-w-0 text-left break-words">{children}</code>
      <button
        type="button"
        aria-label={text.copyCommand(children)}
        title={isCopied ? text.copied : text.copy}
        onClick={() => void copy()}
        className="inline-flex size-7 narrow:size-11 items-center justify-center rounded-md text-dim hover:bg-raised hover:text-text"
      >
        <Icon name={isCopied ? 'check' : 'copy'} />
      </button>
    </span>
  );
}
