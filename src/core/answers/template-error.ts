import { closestWord } from '../../lib/closest-word.ts';
import { NOT_SET } from './filters.ts';
import { MAX_TEMPLATE_STEPS, type TemplateFailure, type TemplateJob } from './template-job.ts';

/** What the engine said, and what a filter of ours had refused before. */
export interface EngineError {
  readonly message: string;
  readonly refusal?: string;
}

/** Runs another source with the same snippets and values; undefined when nothing is wrong with it, or all is. */
export type RunAgain = (source: string) => EngineError | undefined;

/** Begins the refusal of a name that is not set; the name follows. */
export const UNSET = 'not set: ';

/** Snippets in snippets that are looked into for the place of an error. */
const MAX_DEPTH = 16;
/** Characters of a name out of a template that an error repeats. */
const MAX_NAME = 80;

/** Where the engine was: of its excerpt nothing but the marks below the line is read, since it shows values too. */
interface Place {
  readonly template: string;
  readonly line: number;
  readonly column?: number;
  readonly width?: number;
}

/** From the engine's message to ours: what is wrong, and the line and column. No text of the template but names. */
export function explainError(error: EngineError, job: TemplateJob, again: RunAgain): TemplateFailure {
  return explain(error, job, again, { file: job.name, text: job.source, before: '', after: '' }, 0);
}

/** A text that stands alone, or inlined into what includes it. */
interface Scope {
  readonly file: string;
  readonly text: string;
  readonly before: string;
  readonly after: string;
}

function explain(
  error: EngineError,
  job: TemplateJob,
  again: RunAgain,
  scope: Scope,
  depth: number,
): TemplateFailure {
  const [first = ''] = error.message.split('\n');
  const words = first.replace(/ \(in [^)]*\)$/, '');
  const place = placeOf(error.message);
  if (place === undefined) return { because: error.refusal ?? describe(words, undefined, job) };
  const found = locate(place, scope, job);
  if (found === undefined) return { because: error.refusal ?? describe(words, undefined, job) };
  const inner = /^could not render include: error in "(.*)"$/.exec(words)?.[1];
  if (inner !== undefined && depth < MAX_DEPTH) {
    const deeper = lookInside(inner, found, job, again, scope, depth);
    if (deeper) return deeper;
  }
  const { file, line } = found;
  if (error.refusal?.startsWith(UNSET) === true)
    return { because: describeUndefined(error.refusal.slice(UNSET.length), job.values), at: placeIn(found) };
  const unset = error.refusal?.endsWith(NOT_SET) === true ? filteredName(found, job) : undefined;
  if (unset) {
    const { name, column } = unset;
    return { because: describeUndefined(name, job.values), at: { file, line, column } };
  }
  if (error.refusal !== undefined || found.column === undefined)
    return { because: error.refusal ?? describe(words, undefined, job), at: placeIn(found) };
  const name = nameAt(found);
  const column = words.startsWith('undefined value') && name ? name.column : found.column;
  return { because: describe(words, name?.name, job), at: { file, line, column } };
}

function placeIn({ file, line, column }: Found): NonNullable<TemplateFailure['at']> {
  return { file, line, ...(column === undefined ? {} : { column }) };
}

interface Found {
  readonly file: string;
  readonly text: string;
  readonly line: number;
  readonly column?: number;
  readonly width?: number;
}

/** From a place in what was run to one in the template or snippet as it was written. */
function locate(place: Place, scope: Scope, job: TemplateJob): Found | undefined {
  const { template, ...rest } = place;
  if (template !== ANSWER) {
    const text = job.snippets[template];
    return text === undefined ? undefined : { ...rest, file: `snippet ${template}`, text };
  }
  const { file, text, before } = scope;
  const lines = before.split('\n');
  const line = place.line - lines.length + 1;
  const count = text.split('\n').length;
  if (line < 1 || line > count) return undefined;
  if (place.column === undefined) return { file, text, line };
  const column = line === 1 ? place.column - (lines.at(-1) ?? '').length : place.column;
  if (column < 1) return undefined;
  return { file, text, line, column, ...(place.width === undefined ? {} : { width: place.width }) };
}

const ANSWER = 'answer.j2';

/**
 * The engine tells of an error in an included snippet only that there is one. So it runs again with the snippet in
 * place of the tag that includes it, where the same error comes with its place.
 */
function lookInside(
  name: string,
  { file, text, line, column }: Found,
  job: TemplateJob,
  again: RunAgain,
  scope: Scope,
  depth: number,
): TemplateFailure | undefined {
  const snippet = job.snippets[name];
  if (snippet === undefined || column === undefined) return undefined;
  const at = offsetOf(text, line, column);
  const start = text.lastIndexOf('{%', at);
  const end = text.indexOf('%}', at);
  if (start < 0 || end < 0) return undefined;
  const isWhole = file === scope.file;
  const before = `${isWhole ? scope.before : ''}${text.slice(0, start)}{% with %}`;
  const after = `{% endwith %}${text.slice(end + 2)}${isWhole ? scope.after : ''}`;
  const error = again(`${before}${snippet}${after}`);
  if (error === undefined) return undefined;
  const inside: Scope = { file: `snippet ${name}`, text: snippet, before, after };
  const deeper = explain(error, job, again, inside, depth + 1);
  if (deeper.at === undefined || !deeper.at.file.startsWith('snippet ')) return undefined;
  return deeper;
}

function offsetOf(text: string, line: number, column: number): number {
  const before = text.split('\n').slice(0, line - 1);
  return before.reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
}

/** The line stands in the message; the column is where its excerpt marks it. */
function placeOf(message: string): Place | undefined {
  const [, template = '', digits = ''] = /\(in ([\w.-]+):(\d+)\)(?:\n|$)/.exec(message) ?? [];
  if (template === '') return undefined;
  const line = Number(digits);
  const lines = message.split('\n');
  const at = lines.findIndex((text) => /^ *\d+ > /.test(text) && Number.parseInt(text, 10) === line);
  const head = lines[at]?.indexOf('>');
  const marks = /^ {5}i (?<before> *)(?<marks>\^+)/.exec(lines[at + 1] ?? '')?.groups;
  if (head === undefined || !marks) return { template, line };
  const { before = '', marks: width = '' } = marks;
  return { template, line, column: unitsOf(lines[at] ?? '', head, before.length) + 1, width: width.length };
}

/** The engine counts characters, JavaScript the units of UTF-16: two for those above U+FFFF. */
function unitsOf(marked: string, head: number, characters: number): number {
  return Array.from(marked.slice(head + 2))
    .slice(0, characters)
    .join('').length;
}

/** The name that stands at a place: of `a.b.c` all of it, though only `.c` may be marked. */
function nameAt({
  text,
  line,
  column,
  width,
}: Found): { readonly name: string; readonly column: number } | undefined {
  if (column === undefined || width === undefined) return undefined;
  const source = text.split('\n')[line - 1] ?? '';
  const [before = ''] = /[\w.]*$/.exec(source.slice(0, column - 1)) ?? [];
  const [name = ''] = /^[\w.]+/.exec(`${before}${source.slice(column - 1, column - 1 + width)}`) ?? [];
  return name === '' || name.length > MAX_NAME ? undefined : { name, column: column - before.length };
}

/** What a filter is applied to: `name` of `{{ name | ks }}`, where the engine marks `ks`. */
function filteredName(
  { text, line, column = 1 }: Found,
  { values }: TemplateJob,
): { readonly name: string; readonly column: number } | undefined {
  const before = (text.split('\n')[line - 1] ?? '').slice(0, column - 1);
  const found = /(?<![\w.)\]"'])([A-Za-z_][\w.]{0,79})\s{0,9}\|\s{0,9}$/.exec(before);
  const [, name = ''] = found ?? [];
  // A name that is there holds nothing, and one that is a word of the language is none.
  if (!found || name === 'none' || name === 'None' || Object.hasOwn(values, name)) return undefined;
  return { name, column: found.index + 1 };
}

/** The engine's words where a user would not know what to do. */
function describe(message: string, name: string | undefined, job: TemplateJob): string {
  const { values, snippets } = job;
  if (message.startsWith('undefined value')) return describeUndefined(name, values);
  if (message.includes('ran out of fuel')) {
    return `it takes more than ${MAX_TEMPLATE_STEPS} steps: look for a loop that does not end`;
  }
  const [, included, extended] =
    /non-existing template "(.*)"|template "(.*)" does not exist$/.exec(message) ?? [];
  const missing = included ?? extended;
  if (missing !== undefined) {
    // It may be the value of a variable, and so a secret: only what the template itself says is repeated.
    if (!isWritten(missing, job)) return UNNAMED_SNIPPET;
    const close = closestWord(missing, Object.keys(snippets));
    return `there is no snippet "${missing}"${close === undefined ? '' : ` (there is "${close}")`}: muster snippet ls shows what is there`;
  }
  return message.replace(/: failed to convert result: .*$/, '');
}

const UNNAMED_SNIPPET =
  'there is no snippet by the name that a variable gives here: muster snippet ls shows what is there';

/** Whether a text stands as such in the template or a snippet. */
function isWritten(text: string, { source, snippets }: TemplateJob): boolean {
  return [source, ...Object.values(snippets)].some(
    (written) => written.includes(`"${text}"`) || written.includes(`'${text}'`),
  );
}

function describeUndefined(name: string | undefined, values: TemplateJob['values']): string {
  if (name === undefined) {
    return 'a variable is used that is not set: set it on the machine or the profile, or give it a default with "| default(…)"';
  }
  const [root = ''] = name.split('.');
  if (name !== root && Object.hasOwn(values, root)) {
    return `there is no "${name}": docs/answer-variables.md says what "${root}" has`;
  }
  const close = closestWord(root, Object.keys(values));
  const hint = close === undefined ? '' : ` (there is "${close}")`;
  return `there is no variable "${root}"${hint}; set it on the machine or the profile, or give it a default with "| default(…)"`;
}
