import { PASSWORD_NAMES, PASSWORD_VARIABLES } from '../../core/answers/password-variables.ts';
import type { HashOutcome } from './answer-work.ts';
import { type Outcome, refusal } from '../refusal.ts';

export type HashPassword = (password: string) => Promise<HashOutcome>;

type Variables = Readonly<Record<string, string>>;

/** The same variables with the hashes of passwords in their place: what is kept, shown or rendered holds no password. */
export async function hidePasswords(
  variables: Variables,
  hashPassword: HashPassword,
): Promise<Outcome<{ variables: Variables }>> {
  const hidden: Record<string, string> = { ...variables };
  for (const name of PASSWORD_NAMES) {
    const password = hidden[name];
    if (password === undefined) continue;
    const outcome = await hashPassword(password);
    if (!outcome.hashed) return refusal('refused', `variable ${name}: ${outcome.because}`);
    delete hidden[name];
    hidden[PASSWORD_VARIABLES[name]] = outcome.hash;
  }
  return { done: true, variables: hidden };
}
