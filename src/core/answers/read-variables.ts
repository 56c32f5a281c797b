import { objectionToNetwork } from './network-words.ts';
import { MANY_LINES, NEVER_EMPTY, VARIABLE_KINDS, type VariableValue } from './variable-kinds.ts';
import { isPasswordVariable, PASSWORD_VARIABLES } from './password-variables.ts';
import { ANSWER_VARIABLES, RESERVED_NAMES, type AnswerVariable } from './variables.ts';

export type ReadVariables =
  | { readonly read: true; readonly values: Readonly<Record<string, VariableValue>> }
  | { readonly read: false; readonly because: string };

/** Characters of one value; SSH keys and commands are the longest that make sense. */
export const MAX_VARIABLE_LENGTH = 16_384;
export const MAX_VARIABLES = 200;

/** No `__` at the start: `__proto__` is no name for a value in JavaScript. */
const NAME = /^(?!__)[a-z_][a-z0-9_]{0,63}$/i;
/** Everything that ends a line for one of the programs that read answer files, and NUL. Tabs pass. */
// oxlint-disable-next-line no-control-regex -- control characters are what is refused
const CONTROL = /[\u0000-\u0008\u000A-\u001F\u007F\u0085\u2028\u2029]/;

/**
 * The variables of a machine over those of its profile over the defaults, each read as its kind says. No text
 * that comes out holds a line break or another control character, so that none can begin a directive of its own.
 */
export function readVariables(
  profile: Readonly<Record<string, string>>,
  machine: Readonly<Record<string, string>>,
): ReadVariables {
  const rows = new Map(ANSWER_VARIABLES.map((row) => [row.name, row]));
  const initial = ANSWER_VARIABLES.map((row): [string, string] => [row.name, row.initial]);
  const given = new Map([...initial, ...Object.entries(profile), ...Object.entries(machine)]);
  if (given.size > MAX_VARIABLES + rows.size) {
    return { read: false, because: `there are ${given.size} variables, and ${MAX_VARIABLES} are the most` };
  }
  const values: Record<string, VariableValue> = {};
  for (const [name, whole] of given) {
    const row = rows.get(name);
    const text = whole === '' && row && NEVER_EMPTY.has(row.kind) ? row.initial : whole;
    const objection = objectionTo(name, text, row);
    if (objection !== undefined) return { read: false, because: objection };
    values[name] = (row && VARIABLE_KINDS[row.kind].value?.(text, row)) ?? text;
  }
  const because = objectionToNetwork(values);
  return because === undefined ? { read: true, values } : { read: false, because };
}

function objectionTo(name: string, text: string, row: AnswerVariable | undefined): string | undefined {
  if (!NAME.test(name)) {
    return `"${name}" cannot be a variable's name: letters, digits and _ are wanted, not beginning with a digit`;
  }
  if (isPasswordVariable(name)) {
    return `variable ${name} holds a password as it is: set ${name} again, and its hash is kept in ${PASSWORD_VARIABLES[name]}`;
  }
  if ((RESERVED_NAMES as readonly string[]).includes(name)) {
    return `"${name}" cannot be a variable's name: templates use it for something else`;
  }
  if (text.length > MAX_VARIABLE_LENGTH) {
    return `variable ${name} has ${text.length} characters, and ${MAX_VARIABLE_LENGTH} are the most`;
  }
  const lines = row && MANY_LINES.has(row.kind) ? text.split(/\r?\n/) : [text];
  // The value itself is not told: it may be a secret, and this sentence goes into the timeline.
  if (lines.some((line) => CONTROL.test(line))) {
    return `variable ${name} holds a line break or another control character, which could begin a directive of its own in an answer file: write it on one line`;
  }
  if (row === undefined || text === '' || VARIABLE_KINDS[row.kind].fits(text, row)) return undefined;
  const { wanted } = VARIABLE_KINDS[row.kind];
  return `variable ${name} is not right: ${wanted}${rangeOf(row)} is wanted`;
}

function rangeOf({ choices, least, most }: AnswerVariable): string {
  if (choices !== undefined) return ` ${choices.join(', ')}`;
  return least === undefined || most === undefined ? '' : ` from ${least} to ${most}`;
}
