import type { ApiNeeds } from './api-needs.ts';
import type { Handlers } from './handler.ts';
import { done, found } from './problems.ts';

type SnippetRoutes = 'listSnippets' | 'getSnippet' | 'putSnippet' | 'deleteSnippet';

/** Pieces of text that templates include. */
export function snippetHandlers({ snippets }: Pick<ApiNeeds, 'snippets'>): Pick<Handlers, SnippetRoutes> {
  return {
    listSnippets: async () => ({ items: [...(await snippets.list())] }),
    getSnippet: async ({ params: { name } }) => found(await snippets.byName(name), 'snippet', name),
    putSnippet: async ({ params: { name }, input: { text } }) =>
      done(await snippets.put({ name, text })).snippet,
    deleteSnippet: async ({ params: { name } }) => {
      done(await snippets.remove(name));
    },
  };
}
