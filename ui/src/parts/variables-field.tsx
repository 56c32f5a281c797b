import { type ReactNode, useId } from 'react';
import { useText } from '../text/language.tsx';
import { COMMON } from './text.ts';

interface VariablesFieldProps {
  readonly value: string;
  readonly isReadOnly: boolean;
  readonly change: (text: string) => void;
}

/** Variables, one a line: `variables-text.ts` reads and writes them. */
export function VariablesField({ value, isReadOnly, change }: VariablesFieldProps): ReactNode {
  const text = useText(COMMON);
  const id = useId();
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-medium">
        {text.variables}
      </label>
      <textarea
        id={id}
        rows={3}
        spellCheck={false}
        aria-describedby={`${id}-hint`}
        className="w-full rounded-md border border-line-strong bg-panel px-2.5 py-1.5 font-mono text-sm"
        value={value}
        readOnly={isReadOnly}
        onChange={({ target }) => change(target.value)}
      />
      <p id={`${id}-hint`} className="text-sm text-dim">
        {text.variablesHint}
      </p>
    </div>
  );
}
