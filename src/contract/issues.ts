import type { z } from 'zod';

/** One thing that does not fit: `ranges[0].first`, and what is wanted there. */
export interface Issue {
  /** Empty where the whole is meant. */
  readonly path: string;
  readonly message: string;
}

export type Checked<T> =
  | { readonly fits: true; readonly value: T }
  | { readonly fits: false; readonly issues: readonly Issue[] };

/** Issues told at most; a body full of mistakes is not answered with a page per mistake. */
const MAX_ISSUES = 20;
/** Characters of a wrong value that are shown. */
const MAX_SHOWN = 60;

/** Checks a value against a schema and tells in our own words what does not fit. */
export function check<S extends z.ZodType>(schema: S, value: unknown): Checked<z.output<S>> {
  const result = parseInOurWords(schema, value);
  if (result.success) return { fits: true, value: result.data };
  return {
    fits: false,
    issues: result.error.issues
      .slice(0, MAX_ISSUES)
      .map((issue) => ({ path: pathText(issue.path), message: issue.message })),
  };
}

/** As the library gives it, every issue with its path, but with our sentences. */
export function parseInOurWords<S extends z.ZodType>(
  schema: S,
  value: unknown,
): z.ZodSafeParseResult<z.output<S>> {
  return schema.safeParse(value, { error: (issue) => sentence(issue) });
}

/** All issues as one line: `ranges[0].first: "x" is not an IPv4 address; name: is missing`. */
export function issuesText(issues: readonly Issue[]): string {
  return issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
}

/** `machines[0].macs[1]`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) =>
      typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`,
    )
    .join('');
}

/** What is wanted, by the kind of issue; `undefined` leaves the library's own words. */
function sentence(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? 'is missing'
        : `${show(issue.input)} is there, and ${wanted(issue.expected)} is wanted`;
    case 'invalid_value':
      return `${show(issue.input)} is none of ${issue.values.map(String).join(', ')}`;
    case 'unrecognized_keys':
      return `there is no field ${issue.keys.map((key) => show(key)).join(', ')}`;
    case 'too_big':
      return `at most ${amount(issue.maximum, issue.origin)} wanted`;
    case 'too_small':
      return `at least ${amount(issue.minimum, issue.origin)} wanted`;
    case 'invalid_key':
      return `${show(issue.input)} cannot be a name here: ${issue.issues[0]?.message ?? 'another is wanted'}`;
    case 'invalid_union':
      // Which of its forms is meant is said by one field.
      if (issue.discriminator !== undefined)
        return formSentence(
          issue.input,
          issue.discriminator,
          Array.isArray(issue.options) ? issue.options : [],
        );
      return `${show(issue.input)} has none of the forms that are wanted`;
    case 'invalid_format':
    case 'invalid_element':
    case 'not_multiple_of':
    case 'custom':
    case undefined:
      return undefined;
    default:
      return issue satisfies never;
  }
}

function formSentence(input: unknown, field: string, known: readonly unknown[]): string {
  const said = typeof input === 'object' && input !== null ? Reflect.get(input, field) : undefined;
  return said === undefined ? 'is missing' : `${show(said)} is none of ${known.map(String).join(', ')}`;
}

const WANTED: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object of names and values',
};

function wanted(expected: string): string {
  return WANTED[expected] ?? expected;
}

function amount(limit: number | bigint, origin: string): string {
  const one = limit === 1 || limit === 1n;
  if (origin === 'string') return `${limit} ${one ? 'character is' : 'characters are'}`;
  if (origin === 'array') return `${limit} ${one ? 'entry is' : 'entries are'}`;
  return `${limit} is`;
}

/** Only as far as it is shown: what came from outside may go deeper than a stack, or be megabytes. */
function show(value: unknown): string {
  let text = '';
  for (const piece of jsonPieces(value)) {
    text += piece;
    if (text.length > MAX_SHOWN) return `${text.slice(0, MAX_SHOWN)}…`;
  }
  return text;
}

function* jsonPieces(value: unknown): Generator<string> {
  if (typeof value === 'string') yield JSON.stringify(value.slice(0, MAX_SHOWN + 1));
  else if (Array.isArray(value)) {
    let before = '[';
    for (const item of value) {
      yield before;
      yield* jsonPieces(item);
      before = ',';
    }
    yield before === '[' ? '[]' : ']';
  } else if (typeof value === 'object' && value !== null) {
    let before = '{';
    for (const [name, field] of Object.entries(value)) {
      if (field === undefined) continue;
      yield `${before}${JSON.stringify(name)}:`;
      yield* jsonPieces(field);
      before = ',';
    }
    yield before === '{' ? '{}' : '}';
  } else yield JSON.stringify(value) ?? String(value);
}
