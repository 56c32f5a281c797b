/** Variables that are taken and never kept: the hash of each is kept under another name. */
export const PASSWORD_VARIABLES = {
  root_password: 'root_password_hash',
  user_password: 'user_password_hash',
} as const satisfies Readonly<Record<string, string>>;

export type PasswordVariable = keyof typeof PASSWORD_VARIABLES;

export const PASSWORD_NAMES = Object.keys(PASSWORD_VARIABLES) as readonly PasswordVariable[];

export function isPasswordVariable(name: string): name is PasswordVariable {
  return Object.hasOwn(PASSWORD_VARIABLES, name);
}
