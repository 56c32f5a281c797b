import type { Snippet } from './snippet.ts';

export interface SnippetStore {
  /** By name. */
  list(): Promise<readonly Snippet[]>;
  byName(name: string): Promise<Snippet | undefined>;
  /**
   * Adds it, or replaces the one of this name.
   *
   * @param objection decided over what is there, with nothing changed between: why it cannot be, or undefined.
   */
  put(
    snippet: Snippet,
    objection: (others: readonly Snippet[]) => string | undefined,
  ): Promise<{ put: true } | { put: false; because: string }>;
  /** @param objection over the templates of all profiles and the other snippets. */
  remove(
    name: string,
    objection: (users: SnippetUsers) => string | undefined,
  ): Promise<{ removed: true } | { removed: false; because: string }>;
}

/** What may include a snippet. */
export interface SnippetUsers {
  readonly profiles: readonly { readonly name: string; readonly template: string }[];
  readonly snippets: readonly Snippet[];
}
