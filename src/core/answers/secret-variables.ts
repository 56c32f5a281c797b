import { ANSWER_VARIABLES } from './variables.ts';

const SECRET_NAMES: ReadonlySet<string> = new Set(
  ANSWER_VARIABLES.filter(({ secret }) => secret).map(({ name }) => name),
);

/** Whether the value of a variable of this name is for the machine alone. */
export function isSecretVariable(name: string): boolean {
  return SECRET_NAMES.has(name);
}
