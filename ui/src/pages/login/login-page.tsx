import { type ReactNode, useState } from 'react';
import { SESSION_URL, useSession } from '../../data/session.tsx';
import { Button } from '../../parts/button.tsx';
import { Field } from '../../parts/field.tsx';
import { Icon } from '../../parts/icon.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { LanguageChoice, ThemeChoice } from '../../shell/preferences.tsx';
import { useText } from '../../text/language.tsx';
import { LOGIN } from './text.ts';

/** The door: a name and a password. */
export function LoginPage(): ReactNode {
  const text = useText(LOGIN);
  const { look } = useSession();
  const [problem, setProblem] = useState<string>();
  const logIn = async (form: FormData): Promise<void> => {
    const response = await fetch(SESSION_URL, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: form.get('user'), password: form.get('password') }),
    });
    if (response.ok) return await look();
    const { detail } = (await response.json()) as { detail?: string };
    setProblem(detail ?? text.refused);
  };
  return (
    <main className="flex min-h-full flex-col items-center justify-center gap-6 p-6">
      <form action={logIn} className="flex w-96 max-w-full flex-col gap-4 rounded-lg border bg-panel p-6">
        <PageHeader title={text.title} lead={text.byLink} />
        {problem !== undefined && (
          <p role="alert" className="flex items-center gap-2 text-bad">
            <Icon name="warning" /> {problem}
          </p>
        )}
        <Field label={text.user} name="user" autoComplete="username" required autoFocus />
        <Field
          label={text.password}
          name="password"
          type="password"
          autoComplete="current-password"
          required
        />
        <Button look="main" type="submit">
          {text.go}
        </Button>
      </form>
      <div className="flex gap-2">
        <ThemeChoice />
        <LanguageChoice />
      </div>
    </main>
  );
}
