import {
  isPasswordVariable,
  PASSWORD_NAMES,
  PASSWORD_VARIABLES,
} from '../../core/answers/password-variables.ts';
import type { ImportRow, RowObjection } from '../../core/machines/plan-import.ts';
import type { HashPassword } from '../answers/hide-passwords.ts';

/** Different passwords of one import: each takes milliseconds to hash. */
export const MAX_IMPORT_PASSWORDS = 1000;

/** The same rows with the hashes of passwords in their place; one that is there several times is hashed once. */
export async function hideImportedPasswords(
  rows: readonly ImportRow[],
  hashPassword: HashPassword,
): Promise<{ readonly rows: readonly ImportRow[]; readonly objections: readonly RowObjection[] }> {
  const hashes = new Map<string, Awaited<ReturnType<HashPassword>>>();
  const objections: RowObjection[] = [];
  const hidden: ImportRow[] = [];
  for (const [row, wanted] of rows.entries()) {
    const variables: Record<string, string | null> = { ...wanted.variables };
    for (const name of PASSWORD_NAMES.filter((one) => Object.hasOwn(variables, one))) {
      const password = variables[name] ?? null;
      delete variables[name];
      if (password === null) {
        variables[PASSWORD_VARIABLES[name]] = null;
        continue;
      }
      if (hashes.size >= MAX_IMPORT_PASSWORDS && !hashes.has(password)) {
        objections.push({ row, because: TOO_MANY });
        continue;
      }
      const outcome = hashes.get(password) ?? (await hashPassword(password));
      hashes.set(password, outcome);
      if (outcome.hashed) variables[PASSWORD_VARIABLES[name]] = outcome.hash;
      else objections.push({ row, because: `variable ${name}: ${outcome.because}` });
    }
    hidden.push(hasPassword(wanted) ? { ...wanted, variables } : wanted);
  }
  return { rows: hidden, objections };
}

function hasPassword({ variables = {} }: ImportRow): boolean {
  return Object.keys(variables).some(isPasswordVariable);
}

const TOO_MANY = `at most ${MAX_IMPORT_PASSWORDS} different passwords are hashed for one import: put their hashes there (muster password hash)`;
