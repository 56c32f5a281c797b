import { MAX_SNIPPETS, type Snippet } from './snippet.ts';
import { cycleIn, cycleText, referencesIn } from './snippet-references.ts';
import type { SnippetUsers } from './snippet-store.ts';

/** Why a snippet cannot be put beside the others, or undefined. Those it includes may still be missing. */
export function objectionToSnippet(snippet: Snippet, others: readonly Snippet[]): string | undefined {
  if (others.length >= MAX_SNIPPETS)
    return `there are ${others.length} snippets already, and ${MAX_SNIPPETS} are the most`;
  const cycle = cycleIn(new Map([snippet, ...others].map(({ name, text }) => [name, text])));
  return cycle?.includes(snippet.name) === true ? cycleText(cycle) : undefined;
}

/** Why a snippet has to stay, or undefined. Names that are computed while rendering are not seen. */
export function objectionToRemoval(name: string, { profiles, snippets }: SnippetUsers): string | undefined {
  const profile = profiles.find(({ template }) => referencesIn(template).names.includes(name));
  if (profile) return `the template of profile ${profile.name} includes it: change that first`;
  const snippet = snippets.find(({ text }) => referencesIn(text).names.includes(name));
  return snippet && `snippet ${snippet.name} includes it: change that first`;
}
