/** A piece of text that templates include by its name. */
export interface Snippet {
  /** Lower-case letters, digits, `_` and `-`: with a `.` the engine would escape for HTML and the like by the ending. */
  readonly name: string;
  readonly text: string;
}

/** Snippets in all; a template that computes the names of its snippets gets every one. */
export const MAX_SNIPPETS = 200;
