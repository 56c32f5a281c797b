import { type ComponentProps, type ReactNode, useId } from 'react';
import { Icon } from './icon.tsx';

const INPUT =
  'h-8 narrow:h-11 touch:h-11 w-full rounded-md border border-line-strong bg-panel px-2.5 text-base text-text ' +
  'aria-invalid:border-bad disabled:opacity-60';

interface FieldProps extends ComponentProps<'input'> {
  readonly label: string;
  readonly hint?: ReactNode;
  /** What is wrong with it. */
  readonly issue?: string | undefined;
}

/** One line to fill in, with its label above and what is wrong below. */
export function Field({ label, hint, issue, className = '', ...rest }: FieldProps): ReactNode {
  const id = useId();
  const describedBy = issue !== undefined ? `${id}-issue` : hint !== undefined ? `${id}-hint` : undefined;
  return (
    <div className={`flex flex-col gap-1 ${className}`}>
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <input
        id={id}
        className={INPUT}
        aria-invalid={issue !== undefined}
        {...(describedBy === undefined ? {} : { 'aria-describedby': describedBy })}
        {...rest}
      />
      {issue === undefined ? (
        hint && (
          <p id={`${id}-hint`} className="text-sm text-dim">
            {hint}
          </p>
        )
      ) : (
        <p id={`${id}-issue`} className="flex items-center gap-1.5 text-sm text-bad">
          <Icon name="warning" /> {issue}
        </p>
      )}
    </div>
  );
}

interface AreaProps extends ComponentProps<'textarea'> {
  readonly label: string;
  readonly hint?: string;
  readonly issue?: string | undefined;
}

/** Several lines to fill in. */
export function Area({ label, hint, issue, ...rest }: AreaProps): ReactNode {
  const id = useId();
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <textarea
        id={id}
        rows={3}
        autoCapitalize="none"
        spellCheck={false}
        className="w-full rounded-md border border-line-strong bg-panel px-2.5 py-1.5 font-mono text-sm text-text aria-invalid:border-bad"
        aria-invalid={issue !== undefined}
        aria-describedby={`${id}-words`}
        {...rest}
      />
      <p id={`${id}-words`} className={`text-sm ${issue === undefined ? 'text-dim' : 'text-bad'}`}>
        {issue ?? hint}
      </p>
    </div>
  );
}

interface ChoiceProps extends ComponentProps<'select'> {
  readonly label: string;
  readonly isLabelHidden?: boolean;
  readonly issue?: string | undefined;
}

/** One of a few. The browser's own list is what phones and screen readers know best. */
export function Choice({
  label,
  isLabelHidden = false,
  issue,
  children,
  className = '',
  ...rest
}: ChoiceProps): ReactNode {
  const id = useId();
  const wrong = issue === undefined ? {} : { 'aria-invalid': true, 'aria-describedby': id };
  return (
    <label className={`flex flex-col gap-1 ${className}`}>
      <span className={isLabelHidden ? 'sr-only' : 'font-medium'}>{label}</span>
      <select className={INPUT} {...wrong} {...rest}>
        {children}
      </select>
      {issue !== undefined && (
        <span id={id} className="flex items-center gap-1.5 text-sm text-bad">
          <Icon name="warning" /> {issue}
        </span>
      )}
    </label>
  );
}

interface SearchFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function SearchField({ label, value, onChange }: SearchFieldProps): ReactNode {
  return (
    <div className="relative min-w-0 flex-1 sm:max-w-80 narrow:basis-full">
      <Icon
        name="search"
        className="pointer-events-none absolute top-1/2 left-2.5 -translate-y-1/2 text-dim"
      />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className={`${INPUT} pl-8`}
      />
    </div>
  );
}
