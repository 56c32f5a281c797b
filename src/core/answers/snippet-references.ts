import { partsOf } from './template-parts.ts';

/** Which snippets a template or a snippet names, and which all in all it needs. */

export interface References {
  readonly names: readonly string[];
  /** Some names are only known when it is rendered: `{% include name %}`. */
  readonly computed: boolean;
}

const TAG_WORDS = new Set(['include', 'import', 'from', 'extends']);

/** What `{% include %}`, `{% import %}`, `{% from %}` and `{% extends %}` name; comments and raw parts are passed over. */
export function referencesIn(source: string): References {
  const names = new Set<string>();
  let computed = false;
  for (const { kind, text } of partsOf(source)) {
    if (kind === 'print') continue;
    const [, word = '', rest = ''] = /^(\w+)\s+([\s\S]*)$/.exec(text.trim()) ?? [];
    if (!TAG_WORDS.has(word)) continue;
    const list = namesOf(rest);
    if (list === undefined) computed = true;
    else for (const name of list) names.add(name);
  }
  return { names: [...names], computed };
}

/** `"a"` or `["a", "b"]` at the beginning; undefined for anything else. */
function namesOf(text: string): readonly string[] | undefined {
  const single = /^(?:"([^"]*)"|'([^']*)')/.exec(text);
  if (single) return [single[1] ?? single[2] ?? ''];
  const [, inside] = /^\[([^\]]*)\]/.exec(text) ?? [];
  if (inside === undefined) return undefined;
  const items = inside.split(',').map((item) => /^\s*(?:"([^"]*)"|'([^']*)')\s*$/.exec(item));
  return items.every((item) => item !== null) ? items.map((item) => item[1] ?? item[2] ?? '') : undefined;
}

export type NeededSnippets =
  | { readonly found: true; readonly snippets: Readonly<Record<string, string>> }
  | { readonly found: false; readonly because: string };

/**
 * The snippets a template needs, those that its snippets name included; all where names are computed. One that is
 * missing is the engine's to tell, which knows the line and whether it is asked for at all.
 */
export function neededSnippets(source: string, all: ReadonlyMap<string, string>): NeededSnippets {
  const needed = new Map<string, string>();
  let computed = false;
  const waiting = [source];
  for (let text = waiting.pop(); text !== undefined; text = waiting.pop()) {
    const references = referencesIn(text);
    computed ||= references.computed;
    for (const name of references.names) {
      const snippet = all.get(name);
      if (snippet === undefined || needed.has(name)) continue;
      needed.set(name, snippet);
      waiting.push(snippet);
    }
  }
  const cycle = cycleIn(needed);
  if (cycle) return { found: false, because: cycleText(cycle) };
  return { found: true, snippets: Object.fromEntries(computed ? all : needed) };
}

/** `snippet a includes itself: a → b → a` */
export function cycleText(cycle: readonly string[]): string {
  return `snippet "${cycle[0]}" includes itself: ${cycle.join(' → ')}; take one of these includes away`;
}

/** Names from one snippet back to itself, or undefined. */
export function cycleIn(snippets: ReadonlyMap<string, string>): readonly string[] | undefined {
  const done = new Set<string>();
  const next = new Map<string, readonly string[]>();
  for (const [name, text] of snippets) next.set(name, referencesIn(text).names);
  for (const start of snippets.keys()) {
    const path: { readonly name: string; at: number }[] = [{ name: start, at: 0 }];
    while (!done.has(start)) {
      const here = path.at(-1);
      if (here === undefined) break;
      const name = next.get(here.name)?.[here.at];
      here.at += 1;
      if (name === undefined) {
        done.add(here.name);
        path.pop();
        continue;
      }
      const before = path.findIndex((step) => step.name === name);
      if (before >= 0) return [...path.slice(before).map((step) => step.name), name];
      if (next.has(name) && !done.has(name)) path.push({ name, at: 0 });
    }
  }
  return undefined;
}
