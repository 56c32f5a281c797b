import { isSecretVariable } from '../answers/secret-variables.ts';
import { shownUrl } from '../mirrors/mirror-url.ts';

type Variables = Readonly<Record<string, string>>;

/** Secrets that are there and not spoken of stay: files that were exported without them hold none. */
export function keepSecrets(before: Variables, wanted: Variables): Variables {
  const kept = Object.entries(before).filter(
    ([name]) => isSecretVariable(name) && !Object.hasOwn(wanted, name),
  );
  return kept.length === 0 ? wanted : { ...wanted, ...Object.fromEntries(kept) };
}

export function withoutSecrets(variables: Variables): Variables {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !isSecretVariable(name)));
}

/** The user and the password of a mirror stay where its URL is given without any. */
export function keepCredentials(before: string, wanted: string): string {
  return shownUrl(before) === wanted ? before : wanted;
}
