import { isSecretVariable } from '../core/answers/secret-variables.ts';
import { HIDDEN } from './group-to-contract.ts';

/** The same, with a word in place of the value of each variable that is for the machine alone, wherever it stands. */
export function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      isSecretVariable(name) && typeof inner === 'string' && inner !== '' ? HIDDEN : withoutSecrets(inner),
    ]),
  );
}
