import { type ReactNode, useState } from 'react';
import { ask, AskProblem, type Asked } from '../../data/client.ts';
import { useSession } from '../../data/session.tsx';
import { Button, buttonClass } from '../../parts/button.tsx';
import { Command } from '../../parts/command.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Field } from '../../parts/field.tsx';
import { exactTextOf, Form, textOf } from '../../parts/form.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { LanguageChoice, ThemeChoice } from '../../shell/preferences.tsx';
import { Mark } from '../../shell/sidebar.tsx';
import { useText } from '../../text/language.tsx';
import { LOGIN } from './text.ts';

/** Behind the # of a link for one time, where no server sees it. */
const LINK = /^#login=(.+)$/;

/** The door: a name and a password, or a link for one time. */
export function LoginPage(): ReactNode {
  const [link] = useState(() => LINK.exec(window.location.hash)?.[1]);
  return (
    <main className="flex min-h-full flex-col items-center justify-center gap-6 p-6">
      <div className="flex items-center gap-2">
        <Mark />
        <span className="text-lg font-semibold tracking-tight">Muster</span>
      </div>
      <div className="w-96 max-w-full rounded-lg border bg-panel p-6">
        {link === undefined ? <ByPassword /> : <ByLink link={link} />}
      </div>
      <div className="flex gap-2">
        <ThemeChoice />
        <LanguageChoice />
      </div>
    </main>
  );
}

function ByPassword(): ReactNode {
  const text = useText(LOGIN);
  const { problem, logIn } = useLogIn();
  const { session } = useSession();
  const openId = session.is === 'logged out' ? session.openId : undefined;
  const submit = (form: FormData): Promise<void> =>
    logIn({ user: textOf(form, 'user'), password: exactTextOf(form, 'password') });
  return (
    <Form submit={submit} className="flex flex-col gap-4">
      <PageHeader title={text.title} />
      {problem && <ErrorState problem={problem} />}
      <Field label={text.user} name="user" autoComplete="username" autoCapitalize="none" required autoFocus />
      <Field label={text.password} name="password" type="password" autoComplete="current-password" required />
      <Button look="main" type="submit">
        {text.go}
      </Button>
      {openId !== undefined && (
        <a href={openId} className={buttonClass()}>
          {text.byOpenId}
        </a>
      )}
      <div className="flex flex-col items-start gap-2 text-sm text-dim">
        <p>{text.byLink}</p>
        <Command>muster user link NAME</Command>
      </div>
    </Form>
  );
}

function ByLink({ link }: { readonly link: string }): ReactNode {
  const { first } = useText(LOGIN);
  const { problem, logIn } = useLogIn();
  const submit = (form: FormData): Promise<void> => {
    const user = textOf(form, 'user');
    return logIn({ link, newPassword: exactTextOf(form, 'password'), ...(user === '' ? {} : { user }) });
  };
  return (
    <Form submit={submit} className="flex flex-col gap-4">
      <PageHeader title={first.title} lead={first.lead} />
      {problem && <ErrorState problem={problem} />}
      <Field
        label={first.user}
        name="user"
        hint={first.userHint}
        autoComplete="username"
        autoCapitalize="none"
        autoFocus
      />
      <Field
        label={first.password}
        name="password"
        type="password"
        hint={first.passwordHint}
        autoComplete="new-password"
        required
      />
      <Button look="main" type="submit">
        {first.go}
      </Button>
    </Form>
  );
}

interface LogIn {
  readonly problem: AskProblem | undefined;
  readonly logIn: (input: NonNullable<Asked<'logIn'>['input']>) => Promise<void>;
}

function useLogIn(): LogIn {
  const { look } = useSession();
  const [problem, setProblem] = useState<AskProblem>();
  const logIn = async (input: NonNullable<Asked<'logIn'>['input']>): Promise<void> => {
    try {
      await ask('logIn', { input });
      // The link stands in the address no longer than it is of use.
      window.history.replaceState(undefined, '', window.location.pathname);
      await look();
    } catch (error) {
      if (!(error instanceof AskProblem)) throw error;
      setProblem(error);
    }
  };
  return { problem, logIn };
}
