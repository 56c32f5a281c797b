import type { ReactNode, Ref } from 'react';

interface FormProps {
  readonly id?: string;
  readonly className?: string;
  readonly ref?: Ref<HTMLFormElement>;
  /** Something was typed or chosen. */
  readonly onInput?: () => void;
  readonly submit: (form: FormData) => Promise<void>;
  readonly children: ReactNode;
}

/** What was filled in stays there where it is refused; React's own way of actions would empty it. */
export function Form({ submit, children, ...rest }: FormProps): ReactNode {
  return (
    <form
      {...rest}
      onSubmit={(event) => {
        event.preventDefault();
        void submit(new FormData(event.currentTarget));
      }}
    >
      {children}
    </form>
  );
}

/** What was filled into a field of this name, as it stands there. */
export function exactTextOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}

/** The same without space around it. */
export function textOf(form: FormData, name: string): string {
  return exactTextOf(form, name).trim();
}
