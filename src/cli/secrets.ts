import type { PasswordVariable } from '../core/answers/password-variables.ts';
import {
  isPasswordVariable,
  PASSWORD_NAMES,
  PASSWORD_VARIABLES,
} from '../core/answers/password-variables.ts';
import { InvalidArgumentError } from 'commander';
import type { CliContext } from './cli-context.ts';
import { CliFailure } from './cli-failure.ts';

/** Passwords are asked for where nobody sees them: a command line stands in the list of processes and in a history. */

type Pair = readonly [name: string, value: string];

/** `--ask root_password`, once or more often. */
export function passwordNames(
  text: string,
  before: readonly PasswordVariable[] = [],
): readonly PasswordVariable[] {
  if (!isPasswordVariable(text))
    throw new InvalidArgumentError(`one of ${PASSWORD_NAMES.join(', ')} is wanted`);
  return [...before, text];
}

export const ASK_WORDS =
  'ask for a password and set its hash: root_password or user_password; may be repeated';

interface PasswordFlags {
  readonly var?: readonly Pair[];
  readonly ask?: readonly PasswordVariable[];
}

/** The same flags with the hashes of passwords that a person was asked for; the passwords themselves stay here. */
export async function withAsked<Flags extends PasswordFlags>(
  context: CliContext,
  flags: Flags,
): Promise<Flags> {
  warnOfPasswords(context, flags.var);
  const asked = await askForHashes(context, flags.ask ?? []);
  return asked.length === 0 ? flags : { ...flags, var: [...(flags.var ?? []), ...asked] };
}

async function askForHashes(
  context: CliContext,
  names: readonly PasswordVariable[],
): Promise<readonly Pair[]> {
  const pairs: Pair[] = [];
  for (const name of names) {
    const password = await readPassword(context, name.replace('_', ' '));
    pairs.push([PASSWORD_VARIABLES[name], await hashOf(password)]);
  }
  return pairs;
}

/** What a person typed twice, or the first line of what a program gives. */
export async function readPassword({ terminal }: CliContext, what: string): Promise<string> {
  if (!terminal.inIsTerminal) {
    const [line = ''] = (await terminal.readInput()).split(/\r?\n/);
    return line;
  }
  const password = await terminal.askSecret(`${what}: `);
  const again = await terminal.askSecret(`${what} again: `);
  if (again !== password) throw new CliFailure('failed', 'The two are not the same: nothing was done');
  return password;
}

export async function hashOf(password: string, rounds?: number): Promise<string> {
  const { hashPassword } = await import('../services/answers/hash-password.ts');
  try {
    return hashPassword(password, rounds);
  } catch (error) {
    if (error instanceof RangeError) throw new CliFailure('failed', error.message);
    throw error;
  }
}

/** Said where a password stands on the command line, and nothing of it. */
function warnOfPasswords({ output }: CliContext, pairs: readonly Pair[] = []): void {
  for (const [name] of pairs) {
    if (!isPasswordVariable(name)) continue;
    output.talk(`The password stood on the command line, where others can read it: use --ask ${name}`);
  }
}
