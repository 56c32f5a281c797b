import { ANSWER_VARIABLES, RESERVED_NAMES, type AnswerVariable, type VariableKind } from './variables.ts';

/** What a template gets for one variable. */
type VariableValue = string | boolean | readonly string[];

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

interface KindRow {
  /** What is wanted, for the sentence of a refusal. */
  readonly wanted: string;
  readonly fits: (text: string, row: AnswerVariable) => boolean;
  readonly value?: (text: string) => VariableValue;
}

const KINDS: Readonly<Record<VariableKind, KindRow>> = {
  text: { wanted: 'one line of text', fits: () => true },
  word: {
    wanted: 'one word of letters, digits and . _ / + : @ -',
    fits: (text) => /^[\w./+:@-]+$/.test(text),
  },
  hash: {
    wanted: 'a crypt hash, as "openssl passwd -6" prints it, and never the password itself',
    fits: (text) => /^\$[a-z0-9]{1,8}\$[\w./$=,+-]+$/i.test(text),
  },
  login: {
    wanted: 'a login name of lower-case letters, digits, _ and -, other than root',
    fits: (text) => /^[a-z_][a-z0-9_-]{0,30}$/.test(text) && text !== 'root',
  },
  disk: {
    wanted: 'the name of one disk, such as sda or /dev/disk/by-id/…',
    fits: (text) =>
      /^(?:\/dev\/)?[\w.:+@-]+(?:\/[\w.:+@-]+)*$/.test(text) && !/(?:^|\/)\.\.?(?:\/|$)/.test(text),
    value: (text) => text.replace(/^\/dev\//, ''),
  },
  url: {
    wanted: 'a URL, such as http://192.168.1.1:3142/debian',
    fits: (text) => /^(?:https?|ftp):\/\/[\w.:[\]@-]+(?:\/[!$&'()*+,./:;=?@%\w~-]*)?$/i.test(text),
    value: (text) => text.replace(/\/+$/, ''),
  },
  domain: {
    wanted: 'a DNS domain, such as example.org',
    fits: (text) =>
      text.length <= 190 &&
      /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/i.test(text),
  },
  switch: {
    wanted: 'yes or no',
    fits: (text) => /^(?:yes|no|true|false|on|off|1|0)$/i.test(text),
    value: (text) => /^(?:yes|true|on|1)$/i.test(text),
  },
  choice: { wanted: 'one of', fits: (text, row) => row.choices?.includes(text) ?? false },
  words: {
    wanted: 'words with spaces or commas between',
    fits: () => true,
    value: splitWords,
  },
  pairs: {
    wanted: 'words of the form name=value with spaces or commas between',
    fits: (text) => splitWords(text).every((word) => /^[\w.-]+=./.test(word)),
    value: splitWords,
  },
  lines: {
    wanted: 'lines of text',
    fits: () => true,
    value: (text) =>
      text
        .split(/\r?\n/)
        .map((line) => line.trim())
        .filter((line) => line !== ''),
  },
};

function splitWords(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '');
}

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
  for (const [name, text] of given) {
    const row = rows.get(name);
    const objection = objectionTo(name, text, row);
    if (objection !== undefined) return { read: false, because: objection };
    values[name] = (row && KINDS[row.kind].value?.(text)) ?? text;
  }
  return { read: true, values };
}

function objectionTo(name: string, text: string, row: AnswerVariable | undefined): string | undefined {
  if (!NAME.test(name)) {
    return `"${name}" cannot be a variable's name: letters, digits and _ are wanted, not beginning with a digit`;
  }
  if ((RESERVED_NAMES as readonly string[]).includes(name)) {
    return `"${name}" cannot be a variable's name: templates use it for something else`;
  }
  if (text.length > MAX_VARIABLE_LENGTH) {
    return `variable ${name} has ${text.length} characters, and ${MAX_VARIABLE_LENGTH} are the most`;
  }
  const lines = row?.kind === 'lines' ? text.split(/\r?\n/) : [text];
  // The value itself is not told: it may be a secret, and this sentence goes into the timeline.
  if (lines.some((line) => CONTROL.test(line))) {
    return `variable ${name} holds a line break or another control character, which could begin a directive of its own in an answer file: write it on one line`;
  }
  if (row === undefined || text === '' || KINDS[row.kind].fits(text, row)) return undefined;
  const { wanted } = KINDS[row.kind];
  return `variable ${name} is not right: ${wanted}${row.choices ? ` ${row.choices.join(', ')}` : ''} is wanted`;
}
