import { partsOf, type TemplatePart } from './template-parts.ts';

/**
 * Strict names where the engine is not: it takes one that is not set for an empty text in `~`, `==`, `not`, `in` and in
 * filters such as `upper` and `join`. So each name that nothing can have set is put through a filter, `need_name`,
 * which refuses when it is reached; in a branch that is not taken it does no harm.
 */
export const NEED_FILTER = 'need_name';

/** Offsets of a path that was put through the filter, in the text as it was written. */
export interface NeededName {
  readonly start: number;
  readonly end: number;
  readonly path: string;
}

interface Token {
  readonly text: string;
  readonly start: number;
  readonly isName: boolean;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[A-Za-z_]\w*|\d[\w.]*|==|!=|<=|>=|\/\/|\*\*|[^\s\w]/g;
const WORDS = new Set(
  (
    'and or not in is if else elif true false none True False None recursive as import from with without context ' +
    'ignore missing loop self super caller varargs kwargs'
  ).split(' '),
);
/** Tags in which every name but those of values is bound, or is no name of a value. */
const BINDING =
  /^(?:macro|endmacro|call|endcall|import|from|block|endblock|filter|endfilter|autoescape|do|raw)$/;

function tokensOf({ text, start }: TemplatePart): readonly Token[] {
  return [...text.matchAll(TOKEN)].map((match) => ({
    text: match[0],
    start: start + match.index,
    isName: /^[A-Za-z_]/.test(match[0]),
  }));
}

/** All that templates bind for themselves, and the paths they ask for with `is defined`; scopes are not told apart. */
export interface KnownNames {
  readonly bound: ReadonlySet<string>;
  readonly asked: ReadonlySet<string>;
}

export function knownNames(sources: readonly string[]): KnownNames {
  const bound = new Set<string>();
  const asked = new Set<string>();
  for (const source of sources) {
    for (const part of partsOf(source)) {
      const tokens = tokensOf(part);
      if (part.kind === 'tag') for (const name of boundBy(tokens)) bound.add(name);
      for (const [at, token] of tokens.entries()) {
        const path = token.isName ? pathAt(tokens, at) : undefined;
        if (path && isAsked(tokens, path.next)) asked.add(path.names.join('.'));
      }
    }
  }
  return { bound, asked };
}

function* boundBy(tokens: readonly Token[]): Generator<string> {
  const [first] = tokens;
  if (first === undefined) return;
  const last = first.text === 'for' ? tokens.findIndex(({ text }) => text === 'in') : tokens.length;
  const isAll = BINDING.test(first.text) || first.text === 'for';
  for (const [at, token] of tokens.slice(1, last < 0 ? tokens.length : last).entries()) {
    const next = tokens[at + 2]?.text;
    const isTarget =
      first.text === 'set' && !tokens.slice(1, at + 1).some(({ text }) => text === '=' || text === '|');
    if (token.isName && (isAll || isTarget || next === '=')) yield token.text;
  }
}

/** `a.b.c` from its first name on. */
function pathAt(
  tokens: readonly Token[],
  at: number,
): { readonly names: readonly string[]; readonly next: number } | undefined {
  const before = tokens[at - 1]?.text;
  const first = tokens[at];
  if (first === undefined || before === '.' || before === '|' || WORDS.has(first.text)) return undefined;
  if (before === 'is' || (before === 'not' && tokens[at - 2]?.text === 'is')) return undefined;
  const names = [first.text];
  let next = at + 1;
  while (tokens[next]?.text === '.' && tokens[next + 1]?.isName === true) {
    names.push(tokens[next + 1]?.text ?? '');
    next += 2;
  }
  return { names, next };
}

function isAsked(tokens: readonly Token[], next: number): boolean {
  if (tokens[next]?.text !== 'is') return false;
  const test = tokens[next + 1]?.text === 'not' ? tokens[next + 2]?.text : tokens[next + 1]?.text;
  return test === 'defined' || test === 'undefined';
}

/** Each use of a name that is not among the values, not bound and not asked for. */
export function neededNames(
  source: string,
  { bound, asked }: KnownNames,
  values: Readonly<Record<string, unknown>>,
): readonly NeededName[] {
  const needed: NeededName[] = [];
  for (const part of partsOf(source)) {
    const tokens = tokensOf(part);
    const [first] = tokens;
    if (part.kind === 'tag' && first !== undefined && /^(?:from|import|block|macro|end\w+)$/.test(first.text))
      continue;
    for (let at = part.kind === 'tag' ? 1 : 0; at < tokens.length; at += 1) {
      const path = tokens[at]?.isName === true ? pathAt(tokens, at) : undefined;
      if (!path) continue;
      const missing = missingIn(tokens, path, values);
      const start = tokens[at]?.start ?? 0;
      at = path.next - 1;
      if (missing === undefined || bound.has(path.names[0] ?? '') || asked.has(missing.join('.'))) continue;
      const [pipe, filter] = [tokens[path.next]?.text, tokens[path.next + 1]?.text];
      if (missing.length === path.names.length && pipe === '|' && (filter === 'default' || filter === 'd'))
        continue;
      needed.push({ start, end: start + missing.join('.').length, path: missing.join('.') });
    }
  }
  // A path that goes over white space (`a . b`) would not end where it is reckoned to.
  return needed.filter(({ start, end, path }) => source.slice(start, end) === path);
}

/** The beginning of a path that leads nowhere, or undefined when it leads to something. */
function missingIn(
  tokens: readonly Token[],
  { names, next }: { readonly names: readonly string[]; readonly next: number },
  values: Readonly<Record<string, unknown>>,
): readonly string[] | undefined {
  const following = tokens[next]?.text;
  // A function, or the name of an argument.
  if (names.length === 1 && (following === '(' || following === '=')) return undefined;
  const steps = following === '(' ? names.slice(0, -1) : names;
  let here: unknown = values;
  for (const [at, name] of steps.entries()) {
    if (typeof here !== 'object' || here === null || Array.isArray(here)) return undefined;
    if (!Object.hasOwn(here, name)) return steps.slice(0, at + 1);
    here = (here as Readonly<Record<string, unknown>>)[name];
  }
  return undefined;
}

/** The text with each of these put through the filter. */
export function withNeeds(source: string, needed: readonly NeededName[]): string {
  let text = '';
  let at = 0;
  for (const { start, end, path } of needed) {
    text += `${source.slice(at, start)}(${source.slice(start, end)}${suffix(path)}`;
    at = end;
  }
  return text + source.slice(at);
}

function suffix(path: string): string {
  return `|${NEED_FILTER}("${path}"))`;
}

/** From a place in that text to the place in the one that was written; both from 1. */
export function placeBefore(
  source: string,
  needed: readonly NeededName[],
  { line, column }: { readonly line: number; readonly column: number },
): number {
  const lineStart = source.split('\n', line - 1).reduce((sum, text) => sum + text.length + 1, 0);
  let before = lineStart + column - 1;
  for (const { start, end, path } of needed) {
    if (start < lineStart) continue;
    if (before <= start) break;
    const added = suffix(path).length;
    if (before <= end + added) {
      before = Math.min(Math.max(before - 1, start), end) === end ? start : before - 1;
      break;
    }
    before -= 1 + added;
  }
  return before - lineStart + 1;
}
