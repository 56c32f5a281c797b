import { FILTERS } from './filters.ts';
import { type Gives, TEMPLATE_NAMES } from './template-names.ts';
import { type AnswerVariable, ANSWER_VARIABLES, type VariableKind } from './variables.ts';
import { LEFT_OUT } from './variables-left-out.ts';

/** A word that a template may use: a variable, a name that Muster gives, or a filter. */
export interface TemplateWord {
  readonly name: string;
  readonly is: 'variable' | 'name' | 'filter';
  readonly sentence: string;
  /** Of a value. */
  readonly gives?: Gives;
  /** Of a variable: how it is read. */
  readonly kind?: VariableKind;
  /** Of a variable: what it is where nobody sets it. */
  readonly initial?: string;
  readonly choices?: readonly string[];
  readonly secret?: true;
  /** Of a variable: the answer files that have no use for it, and why. */
  readonly leftOut?: readonly { readonly kind: string; readonly because: string }[];
}

const GIVES: Readonly<Partial<Record<VariableKind, Gives>>> = {
  number: 'number',
  switch: 'switch',
  addresses: 'list',
  words: 'list',
  pairs: 'list',
  lines: 'list',
  script: 'list',
};

/** All of them, in the order of their tables. */
export function templateWords(): readonly TemplateWord[] {
  const filters = Object.entries(FILTERS).map(
    ([name, { sentence }]): TemplateWord => ({ name, is: 'filter', sentence }),
  );
  const names = TEMPLATE_NAMES.map((row): TemplateWord => ({ ...row, is: 'name' }));
  return [...ANSWER_VARIABLES.map(variableWord), ...names, ...filters];
}

function variableWord({ name, kind, initial, choices, secret, sentence }: AnswerVariable): TemplateWord {
  const leftOut = Object.entries(LEFT_OUT).flatMap(([file, rows]) =>
    rows[name] === undefined ? [] : [{ kind: file, because: rows[name] }],
  );
  return {
    name,
    is: 'variable',
    sentence,
    gives: GIVES[kind] ?? 'text',
    kind,
    ...(initial === '' ? {} : { initial }),
    ...(choices === undefined ? {} : { choices }),
    ...(secret === undefined ? {} : { secret }),
    ...(leftOut.length === 0 ? {} : { leftOut }),
  };
}
