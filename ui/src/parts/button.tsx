import type { ComponentProps, ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';

/** How much a button wants to be pressed. `danger`: what it does cannot be taken back. */
export type ButtonLook = 'main' | 'plain' | 'quiet' | 'danger';

const LOOKS: Readonly<Record<ButtonLook, string>> = {
  main: 'bg-accent text-on-accent border-transparent hover:brightness-110',
  plain: 'bg-panel text-text border-line-strong hover:bg-raised',
  quiet: 'bg-transparent text-dim border-transparent hover:bg-raised hover:text-text',
  danger: 'bg-panel text-bad border-bad hover:bg-bad-soft',
};

/** For links that look like buttons, too. */
export function buttonClass(look: ButtonLook = 'plain'): string {
  return (
    'inline-flex h-8 narrow:min-h-11 touch:min-h-11 items-center justify-center gap-1.5 rounded-md border px-3 ' +
    'text-base font-medium whitespace-nowrap select-none disabled:cursor-not-allowed disabled:opacity-60 ' +
    `disabled:saturate-50 ${LOOKS[look]}`
  );
}

interface ButtonProps extends ComponentProps<'button'> {
  readonly look?: ButtonLook;
  readonly icon?: IconName;
}

export function Button({ look = 'plain', icon, children, className = '', ...rest }: ButtonProps): ReactNode {
  return (
    <button type="button" className={`${buttonClass(look)} ${className}`} {...rest}>
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

interface IconButtonProps extends ComponentProps<'button'> {
  readonly icon: IconName;
  /** What it does, for those who do not see it, and for who hovers. */
  readonly label: string;
}

export function IconButton({ icon, label, className = '', ...rest }: IconButtonProps): ReactNode {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={`inline-flex size-8 narrow:size-11 touch:size-11 items-center justify-center rounded-md text-dim hover:bg-raised hover:text-text disabled:opacity-60 ${className}`}
      {...rest}
    >
      <Icon name={icon} />
    </button>
  );
}
